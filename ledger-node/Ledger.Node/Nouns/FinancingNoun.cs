using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Node.Access;

namespace Ledger.Node.Nouns;

/// <summary>Money lent on units or paid for them, with what the registry last answered.</summary>
sealed class FinancingNoun() : Noun<Financing, Financing>("Financing", Guards.Financing, NounLists.Financings)
{
    protected override IEnumerable<Column<Financing>> Describe() =>
    [
        Id("id", one => one.Id), Name("form", one => one.Form, Names.Of), Name("status", one => one.Status, Names.Of, Tones.Of), Party("applicant", one => one.Applicant),
        Party("hand", one => one.Hand), Party("financier", one => one.Financier), Party("reviewer", one => one.Reviewer ?? default).Optional,
        Id("instrument", one => one.Instrument), Units("units", one => one.Units), Currency(), Amount("principal", one => one.Principal),
        Date("start", one => one.Start).Optional, Date("end", one => one.End), Date("endedOn", one => one.EndedOn).Optional,
        Object("interest", Shown.Interest, (one, _) => one.Interest), Of("documents", Kinds.Ids<Document>(), one => one.Documents), Terms(one => one.Terms),
        Time("appliedAt", one => one.AppliedAt), Time("reservedUntil", one => one.ReservedUntil).Optional, Time("committedUntil", one => one.CommittedUntil).Optional,
        Object("query", Shown.Attestation, (one, at) => at.State.Attestation(one.Query)).Optional,
        Object("registration", Shown.Attestation, (one, at) => at.State.Attestation(one.Registration)).Optional,
        Object("pledgeReservation", Shown.PledgeReservation, (one, at) => at.State.PledgeReservation(one.Id)).Optional, TextIfAny("bankReference", one => one.BankReference),
        Id("line", one => one.Line).Optional, Amount("drawn", one => one.Drawn),
    ];

    protected override Currency CurrencyOf(Financing one, At at) => one.Currency;
}

/// <summary>What a registry said of a financing.</summary>
sealed class AttestationShape() : Shape<Attestation>("RegistryAttestation")
{
    protected override IEnumerable<Column<Attestation>> Describe() =>
    [
        Id("attestation", one => one.Id), Name("finding", one => one.Finding, Names.Of), Party("attester", one => one.Attester), Hash("certificate", one => one.Certificate).Optional,
        Time("statedAt", one => one.StatedAt), Time("at", one => one.At),
    ];
}

/// <summary>What two banks said of a financing's reservation between consortia.</summary>
sealed class PledgeReservationShape() : Shape<PledgeReservation>("PledgeReservation")
{
    protected override IEnumerable<Column<PledgeReservation>> Describe() =>
    [
        Text("registry", one => one.Registry), Number("seat", one => one.Seat), Hash("tags", one => one.Tags), Hash("block", one => one.Block), Party("second", one => one.Second),
        Time("statedAt", one => one.StatedAt), Time("until", one => one.Until), Time("at", one => one.At),
    ];
}

/// <summary>How interest is reckoned; at which rate is not on the ledger.</summary>
sealed class InterestShape() : Shape<InterestTerms>("InterestTerms")
{
    protected override IEnumerable<Column<InterestTerms>> Describe() =>
    [
        Name("dayCount", one => one.DayCount, Names.Of), Name("bounds", one => one.Bounds, Names.Of), Name("rounding", one => one.Rounding, Names.Of),
        Name("payment", one => one.Payment, Names.Of), Flag("refundsUnearned", one => one.RefundsUnearned), Number("graceDays", one => one.GraceDays),
        Flag("accruesOnRolledDays", one => one.AccruesOnRolledDays),
    ];
}
