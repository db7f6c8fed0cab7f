using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Access;
using Ledger.Node.Views;

namespace Ledger.Node.Nouns;

/// <summary>A claim, certificate or bill package as a list tells of it.</summary>
sealed class InstrumentNoun() : Noun<Instrument, Instrument>("InstrumentBrief", Guards.Instrument, NounLists.Instruments)
{
    protected override IEnumerable<Column<Instrument>> Describe() =>
    [
        Id("id", one => one.Id), Name("kind", one => one.Kind, Names.Of), Name("status", one => one.Status, Names.Of, Tones.Of), Party("obligor", one => one.Obligor),
        Party("creditor", one => one.Creditor), Currency(), Amount("face", one => one.Face), Date("issueDate", one => one.IssueDate).Optional,
        Date("dueDate", one => one.DueDate).Optional, Flag("transferable", one => one.Transferable), TextIfAny("number", one => one.Number),
        Id("issueOffer", one => one.IssueOffer).Optional, Uses("documents", one => one.Documents), Terms(one => one.Terms),
        Object("confirmation", Shown.Confirmation, (one, _) => one.Confirmation).Optional,
    ];

    // A list shows what is live of the units that its reader sees.
    protected override IEnumerable<Column<Instrument>> OnlyForPeople() =>
    [
        ForPeople("outstanding", (one, at, _) => at.State.Tokens(one.Id) is { } tokens ? Cell.Money(Live(at.Sight.Seen(one, tokens)), one.Currency) : Cell.Empty, ColumnKind.Money, ListedAs.Amount),
    ];

    public override ThingRef? Needs(Instrument one) => ThingRef.To(one.Id);

    protected override Currency CurrencyOf(Instrument one, At at) => one.Currency;

    /// <summary>What is still owed on these.</summary>
    public static Amount Live(IEnumerable<Token> tokens) => Sum(tokens, UnitState.Live);

    public static Amount Sum(IEnumerable<Token> tokens, UnitState state) =>
        tokens.Where(token => token.State == state).Aggregate(Core.Primitives.Amount.Zero, static (sum, token) => sum + token.Units.Amount);
}

/// <summary>What the obligor was asked to confirm, and what it answered.</summary>
sealed class ConfirmationShape() : Shape<Confirmation>("Confirmation")
{
    protected override IEnumerable<Column<Confirmation>> Describe() =>
    [
        Amount("requested", one => one.Requested), Time("requestedAt", one => one.RequestedAt), Date("contractSigned", one => one.ContractSigned).Optional,
        Time("deadline", one => one.Deadline).Optional, Flag("overdue", one => one.Overdue), Amount("confirmed", one => one.Confirmed), Amount("disputed", one => one.Disputed),
        Time("answeredAt", one => one.AnsweredAt).Optional, Hash("undertaking", one => one.Undertaking).Optional, Flag("defencesWaived", one => one.DefencesWaived),
        Hash("contractClause", one => one.ContractClause).Optional, Hash("supplierConsent", one => one.SupplierConsent).Optional,
        Hash("disputeReason", one => one.DisputeReason).Optional, Flag("disputedLater", one => one.DisputedLater),
    ];
}
