using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>What a party without keys granted on paper (授权书), so that an agent signs for it.</summary>
public sealed record PaperMandate(
    Id<Mandate> Id,
    PartyId Agent,
    ValueList<string> Verbs,
    Currency Currency,
    Amount Cap,
    ValueList<PartyId> Counterparties,
    Timestamp Expires,
    Hash256 Paper);

/// <summary>
/// <c>party.register</c>: a bank brings a new party in and answers for it as its sponsor. The party signs with its first key, or, having none,
/// acts through an agent that is not its sponsor.
/// </summary>
public sealed record RegisterParty(
    PartyId Id,
    string Name,
    Roles Roles,
    string Region,
    SizeClass Size,
    string IndustryChain,
    ValueList<NewKey> Keys,
    PaperMandate? Mandate = null,
    Hash256? Account = null) : Operation<RegisterParty>, IVerb
{
    public static Verb Verb { get; } = new("party.register", "登记参与方", "register a party");

    public override ValueList<UInt128> Makes(LedgerState state) => Mandate is { } paper ? [paper.Id.Value] : [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => [];

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (Id == act.Party) return Refusal.SponsorIsSelf;
        if (state.Party(Id) is not null) return Verdict.No(Refusal.PartyAlreadyRegistered, Id.Text);
        if (state.Party(act.Party) is not { } sponsor || !sponsor.Has(Roles.Bank)) return Refusal.SponsorIsNotBank;
        if (Keys.Count > 0 && !act.Signers.Span.Contains(new KeyId(Id, 1))) return Refusal.NewPartyDidNotSign;
        var needsTwo = (Roles & CheckedByTwoBanks) != 0 || Size == SizeClass.PublicBody;
        if (needsTwo && !HasSecondBank(state, act, sponsor.Id, Id, Mandate?.Agent ?? sponsor.Id)) return Refusal.SecondBankMissing;
        if (InvalidText(Id, Name, Region, IndustryChain) is { } field) return TextIsInvalid(field);
        if ((Roles & Roles.Bank) != 0 && !HasBankKeys(Keys)) return Refusal.BankKeysMissing;
        if (Keys.Count > 0 && !CanActAlone(Keys[0].Use, Keys[0].Role)) return Refusal.FirstKeyCannotAct;
        if (WhyNotKeys(state, Keys) is { } keysRefused) return keysRefused;
        if (WhyNotPaper(state, act, this) is { } paperRefused) return paperRefused;

        var keys = Numbered(state, Id, 0, Keys);
        var party = new Party(
            Id, Name, Roles, Region, Size, IndustryChain,
            sponsor.Id, Standing.Active, (uint)keys.Count, Account ?? default, Policy: [], state.Today);
        return new PartyRegistered(party, keys, Mandate is { } paper ? MandateOf(Id, paper) : null);
    }
}

public sealed record PartyRegistered(Party Party, ValueList<PartyKey> Keys, Mandate? Mandate) : LedgerEvent<PartyRegistered>, IEvent
{
    public static (string Chinese, string English) Words => ("已登记参与方", "party registered");

    public override LedgerState Enact(LedgerState state)
    {
        var next = state.With(Party);
        foreach (var key in Keys) next = next.With(key);
        return Mandate is { } mandate ? next.With(mandate) : next;
    }

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Party.Is(Party.Id), Details.Keys.Is(Keys.Select(static key => key.Id)), Details.Mandate.Is(Mandate?.Id),
    ];
}

public static partial class Rulebook
{
    const int LongestName = 200;
    const int LongestIndustryChain = 64;

    // Roles on whose word others lend, pay, move units or are supervised: two banks have seen their legal papers. So for a public body, which may owe.
    internal const Roles CheckedByTwoBanks = Roles.Bank | Roles.CoreEnterprise | Roles.Regulator | Roles.Guarantor | Roles.Gateway | Roles.Platform | Roles.Operator;

    internal static Verdict? WhyNotPaper(LedgerState state, Act act, RegisterParty register)
    {
        if (register.Keys.Count > 0) return register.Mandate is null ? null : Refusal.PaperMandateBesideKeys;
        if (register.Mandate is not { } paper || paper.Paper.IsZero || paper.Agent == act.Party) return Refusal.PaperMandateMissing;
        if (WhyNotMandate(state, MandateOf(register.Id, paper)) is { } no) return no;
        return IsSignedByActiveParty(state, act, paper.Agent) ? null : Refusal.AgentDidNotSign;
    }

    internal static Mandate MandateOf(PartyId principal, PaperMandate paper) =>
        new(paper.Id, principal, paper.Agent, paper.Verbs, paper.Currency, paper.Cap, paper.Counterparties, paper.Expires, paper.Paper);

    internal static bool HasBankKeys(ValueList<NewKey> keys)
    {
        var (recovers, seals) = (false, false);
        foreach (var key in keys)
        {
            recovers |= key.Use == KeyUse.Recovery;
            seals |= key.Use == KeyUse.Sealing;
        }

        return recovers && seals;
    }

    /// <summary>Which of a party's texts is not as every party's is, a founder's too; null where all are. That they show is the wire's to see to.</summary>
    public static string? InvalidText(PartyId party, string name, string region, string industryChain)
    {
        if (name.Length == 0 || !ShownText.IsNoLonger(name, LongestName)) return "name";
        if (!IsRegion(region, party)) return "region";
        return ShownText.IsNoLonger(industryChain, LongestIndustryChain) ? null : "industryChain";
    }

    // A USCC says its region itself; an LEI says none, so its region is free to be stated or not.
    static bool IsRegion(string region, PartyId party) =>
        party.IsUscc
            ? party.RegionCode.SequenceEqual(region)
            : region.Length == 0 || (region.Length == 6 && !region.AsSpan().ContainsAnyExceptInRange('0', '9'));
}
