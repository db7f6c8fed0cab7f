using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Node.Access;
using Ledger.Node.Views;

namespace Ledger.Node.Nouns;

/// <summary>A run of units with one holder and one past, on its instrument; of a bill with the two codes under which the bill register keeps its interval.</summary>
sealed class TokenShape() : Shape<(Instrument Instrument, Token Token)>("Token")
{
    static readonly Word BurdenFor = new("{0}（{1}）", "{0} ({1})");
    static readonly Word BurdenUntil = new("{0}（{1}，至 {2}）", "{0} ({1}, until {2})");

    protected override IEnumerable<Column<(Instrument Instrument, Token Token)>> Describe() =>
    [
        Of("units", Kinds.Interval, one => one.Token.Units), Amount("amount", one => one.Token.Units.Amount), Party("holder", one => one.Token.Holder),
        Name("state", one => one.Token.State, Names.Of), Object("leg", Shown.Leg, (one, _) => one.Token.Leg),
        Objects("encumbrances", Shown.Encumbrance, (one, at) => Ranked(one.Token, at), static (burden, at, reader) => Burden(burden.One, at, reader)),
        Of("billStatus", Kinds.Text, (one, at) => Rulebook.BillStatusOf(at.State, one.Instrument, one.Token).ToString()).If((one, _) => one.Instrument.Bill is not null),
    ];

    protected override Currency CurrencyOf((Instrument Instrument, Token Token) one, At at) => one.Instrument.Currency;

    // Freezes that bind wait for one another in the order in which they came.
    static IEnumerable<(Encumbrance One, int Rank)> Ranked(Token token, At at)
    {
        var freezes = 0;
        return token.Encumbrances.Select(burden => (burden, burden.Kind == EncumbranceKind.Freeze && burden.BindsAt(at.State.Now) ? ++freezes : 0));
    }

    static string? Burden(Encumbrance burden, At at, Reader reader)
    {
        if (burden.Until <= at.State.Now) return null;
        var (kind, who) = (reader[Names.Of(burden.Kind)], reader.NameOf(burden.Beneficiary));
        return burden.Until == PartyKey.Forever ? reader[BurdenFor, kind, who] : reader[BurdenUntil, kind, who, reader.Time(burden.Until)];
    }
}

/// <summary>A run of units where a party's are listed: with what they are a claim on.</summary>
sealed class TokenNoun() : Noun<(Instrument Instrument, Token Token)>("HeldToken", Guards.Token, NounLists.Tokens)
{
    static readonly Word Print = new("打印", "Print");

    protected override IEnumerable<Column<(Instrument Instrument, Token Token)>> Describe() =>
    [
        Id("instrument", one => one.Instrument.Id), Party("obligor", one => one.Instrument.Obligor), Currency(), Date("dueDate", one => one.Instrument.DueDate).Optional,
        .. Shown.Token.Columns,
    ];

    protected override IEnumerable<Column<(Instrument Instrument, Token Token)>> OnlyForPeople() =>
    [
        Of("standing", Kinds.Name<UnitStanding>(UnitStandings.NameOf, Tones.Of), (one, at) => UnitStandings.Of(at.State, one.Instrument, one.Token)),
        ForPeople("voucher", static (one, _, reader) => new(reader[Print], Links.Voucher(one.Instrument.Id, one.Token.Units))),
    ];

    public override ThingRef? Needs((Instrument Instrument, Token Token) one) => ThingRef.To(one.Instrument.Id);

    protected override Currency CurrencyOf((Instrument Instrument, Token Token) one, At at) => one.Instrument.Currency;
}

/// <summary>The act that brought units where they are.</summary>
sealed class LegShape() : Shape<Leg>("Leg")
{
    protected override IEnumerable<Column<Leg>> Describe() =>
    [
        Id("act", one => one.Act), Name("cause", one => one.Cause, Names.Of), Party("from", one => one.From), Number("depth", one => one.Depth),
        Flag("recourse", one => one.Recourse), Uses("documents", one => one.Documents), Time("at", one => one.At),
    ];
}

/// <summary>A right of somebody's in units, and in which rank it waits where it waits.</summary>
sealed class EncumbranceShape() : Shape<(Encumbrance One, int Rank)>("Encumbrance")
{
    protected override IEnumerable<Column<(Encumbrance One, int Rank)>> Describe() =>
    [
        Name("kind", burden => burden.One.Kind, Names.Of), Id("reference", burden => new Id<Encumbrance>(burden.One.Reference)), Party("beneficiary", burden => burden.One.Beneficiary).Optional,
        Number("rank", burden => (ulong)burden.Rank).If((burden, _) => burden.Rank > 0), Time("since", burden => burden.One.Since),
        Time("until", burden => burden.One.Until).If((burden, _) => burden.One.Until != PartyKey.Forever),
    ];
}
