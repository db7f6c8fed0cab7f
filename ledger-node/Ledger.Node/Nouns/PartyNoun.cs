using Ledger.Client.Text;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Node.Access;
using Ledger.Node.Views;

namespace Ledger.Node.Nouns;

/// <summary>A party with its keys, those that ended too. What others could use against it is told to itself, its sponsor and those who supervise.</summary>
sealed class PartyNoun() : Noun<Party>("Party", Guards.Party, NounLists.Parties)
{
    protected override IEnumerable<Column<Party>> Describe() =>
    [
        Of("id", Kinds.PartyNumber, one => one.Id), Text("name", one => one.Name), Of("roles", Kinds.Roles, one => one.Roles), TextIfAny("region", one => one.Region),
        Name("size", one => one.Size, Names.Of), TextIfAny("industryChain", one => one.IndustryChain),
        Object("programme", Shown.Programme, (one, at) => at.State.ProgrammeOf(one.Id)).Optional, Party("sponsor", one => one.Sponsor).Optional,
        Name("standing", one => one.Standing, Names.Of, Tones.Of), Of("validator", Kinds.Flag, (one, at) => at.State.Validator(one.Id) is not null),
        Object("control", Shown.Control, (one, at) => at.State.Control(one.Id)).Optional, Hash("account", one => one.Account).If(IsInside), Objects("policy", Shown.PolicyLimit, (one, _) => one.Policy).If(IsInside),
        Objects("keys", Shown.Key, (one, at) => KeysOf(one, at)),
    ];

    /// <summary>Its keys, from the first.</summary>
    public static IEnumerable<PartyKey> KeysOf(Party one, At at) =>
        Enumerable.Range(1, (int)one.LastKey).Select(number => at.State.Key(new(one.Id, (uint)number))).OfType<PartyKey>();

    static bool IsInside(Party one, At at) => at.Sight.SeesInside(one);
}

/// <summary>A party in the list of them all.</summary>
sealed class PartyRowNoun() : Noun<PartyRow>("PartyBrief", Guards.PartyRow, NounLists.Parties)
{
    protected override IEnumerable<Column<PartyRow>> Describe() =>
    [
        Of("id", Kinds.PartyNumber, one => one.Id), Text("name", one => one.Name), TextIfAny("region", one => one.Region), TextIfAny("industryChain", one => one.IndustryChain),
        Party("sponsor", one => one.Sponsor).Optional,
    ];
}

/// <summary>Who controls a party, and on whose word.</summary>
sealed class ControlShape() : Shape<Control>("Control")
{
    protected override IEnumerable<Column<Control>> Describe() =>
    [
        Party("controller", one => one.Controller).Optional, Date("since", one => one.Since), Of("saidBy", Kinds.Parties, one => one.SaidBy),
        Hash("evidence", one => one.Evidence), Objects("former", Shown.FormerController, (one, _) => one.Former),
    ];
}

sealed class FormerControllerShape() : Shape<FormerController>("FormerController")
{
    protected override IEnumerable<Column<FormerController>> Describe() => [Party("controller", one => one.Controller), Date("until", one => one.Until)];
}

/// <summary>How much one person may sign for alone.</summary>
sealed class PolicyLimitShape() : Shape<PolicyLimit>("PolicyLimit")
{
    protected override IEnumerable<Column<PolicyLimit>> Describe() => [Currency(), Amount("perAct", one => one.PerAct), Amount("perDay", one => one.PerDay)];

    protected override Currency CurrencyOf(PolicyLimit one, At at) => one.Currency;
}

/// <summary>A key of a party; whose hand it is in is told to who sees into the party.</summary>
sealed class KeyNoun() : Noun<PartyKey>("PartyKey", Guards.Key, NounLists.Keys)
{
    protected override IEnumerable<Column<PartyKey>> Describe() =>
    [
        Of("id", Kinds.Key, one => one.Id), Of("publicKey", Kinds.Base64, one => one.PublicKey.ToString()), Name("use", one => one.Use, Names.Of),
        Name("role", one => one.Role, Names.Of), TextIfAny("person", one => one.Person).If((one, at) => at.State.Party(one.Id.Party) is { } party && at.Sight.SeesInside(party)),
        Time("from", one => one.From).Optional, Time("until", one => one.Until).If((one, _) => one.Until != PartyKey.Forever),
        Number("replaces", one => one.Replaces).If((one, _) => one.Replaces != 0), Of("valid", Kinds.Flag, (one, at) => one.IsValidAt(at.State.Now)),
    ];
}
