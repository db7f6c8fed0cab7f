using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Laws;

/// <summary>Acts of lending and of paying that are mostly right, made out of what stands in the state, and what all histories of them keep.</summary>
abstract class MoneyActs
{
    uint lastId = 5_000_000;

    public LedgerState State { get; protected set; } = null!;

    public Id<TNoun> New<TNoun>() => new(Uuid7.Of(State.Now, ++lastId));

    public string Reference() => $"R{++lastId}";

    protected static T Pick<T>(Random chance, params T[] from) => from[chance.Next(from.Length)];

    protected static bool IsRunning(Financing financing) =>
        financing.Status is FinancingStatus.Applied or FinancingStatus.Approved or FinancingStatus.Registered or FinancingStatus.Disbursed;

    protected Token[] Live(Id<Instrument> note) => [.. Tokens(note).Where(token => token.State == UnitState.Live)];

    protected Token[] Tokens(Id<Instrument> note) => Assert.IsType<Tokens>(State.Tokens(note)).Span.ToArray();

    protected PartyId BankOf(PartyId party) => State.Party(party) is { } known && !known.Has(Roles.Bank) ? known.Sponsor : party;

    /// <summary>The holder of units asks a bank for money on them.</summary>
    protected ApplyForFinancing Applying(Random chance, Id<Instrument> note, Token token, Interval units)
    {
        var form = Pick(chance, FinancingForm.PledgeLoan, FinancingForm.RecourseFactoring, FinancingForm.NonRecourseFactoring);
        var principal = form == FinancingForm.NonRecourseFactoring ? units.Length : Math.Max(1, units.Length / 2);
        return new(
            New<Financing>(), note, token.Holder == X ? Y : X, form, new(principal), Assert.IsType<Instrument>(State.Instrument(note)).DueDate,
            [.. token.Leg.Documents.Select(use => use.Document)], units, Amount: null,
            DayCount.Actual360, DayBounds.First, Rounding.HalfUp, InterestPayment.Prepaid, RefundsUnearned: true, GraceDays: 0, AccruesOnRolledDays: false);
    }

    protected SetLine SettingLine(Id<CreditLine> id, ulong limit) =>
        State.Line(id) is { } line ? new(id, line.Debtor, line.Mode, line.Currency, new(limit), line.Until) : throw new InvalidOperationException();

    /// <summary>What might come next in a financing's life, and now and then something else.</summary>
    protected (PartyId By, Operation Operation, PartyId[] With) GoesOn(Random chance, Financing financing, Id<CreditLine>[] lines)
    {
        var id = financing.Id;
        var bank = financing.Financier;
        var text = chance.Next(12) == 0 ? "REF 1" : Reference();
        var hasQuery = State.Attestation(financing.Query) is { } query && query.StatedAt > State.Now.Add(-5 * Timestamp.Hour)
            && (State.Attestation(financing.Registration) is not { } registration || query.StatedAt > registration.StatedAt);
        Operation ordinary = financing.Status switch
        {
            FinancingStatus.Applied or FinancingStatus.Registered when !hasQuery => Attest(RegistryAct.Query, RegistryFinding.Clear),
            FinancingStatus.Applied or FinancingStatus.Registered when State.Rules.Is(RuleParameter.PledgeReservation) && !IsReserved(financing) => Reserve(),
            FinancingStatus.Applied => Approve(),
            FinancingStatus.Approved => Attest(RegistryAct.Registration, RegistryFinding.Done),
            FinancingStatus.Registered => new Disburse(id, text),
            FinancingStatus.Disbursed => financing.Form == FinancingForm.PledgeLoan ? new Repay(id, text) : new BuyBack(id, text),
            _ => new SettleFinancing(id, Surplus: financing.Form != FinancingForm.NonRecourseFactoring, Refund: false, text),
        };
        Operation[] others =
        [
            new WithdrawFinancing(id), new ReleaseFinancing(id), Approve(), new Disburse(id, text), new Repay(id, text), new BuyBack(id, text),
            new ReverseFinancing(id, text), new ReverseFinancing(id, text), new CorrectFinancing(id, Lending.P),
            Attest(RegistryAct.Cancellation, RegistryFinding.Done), Reserve(),
        ];
        var operation = chance.Next(10) < 7 ? ordinary : Pick(chance, others);
        return (operation is WithdrawFinancing ? financing.Applicant : bank, operation, [Lending.P, W, financing.Applicant]);

        ApproveFinancing Approve()
        {
            var line = Pick(chance, lines);
            var mode = Assert.IsType<CreditLine>(State.Line(line)).Mode;
            var until = State.Now.CeilingMinute().Add(chance.Next(2) == 0 ? Timestamp.Day : 3 * Timestamp.Day);
            return bank == X && chance.Next(5) > 0 ? new(id, Lending.P, until, mode, line) : new(id, Lending.P, until, CreditMode.None);
        }

        AttestPledge Reserve() => new(
            id, W, "eip155:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3", 1, new(9, 9), new(10, 10), State.Now, State.Now.Add((chance.Next(5) == 0 ? 1 : 6) * Timestamp.Day));

        AttestRegistry Attest(RegistryAct act, RegistryFinding finding) => new(New<Attestation>(), id, act, finding, new(8, 8), State.Now);
    }

    /// <summary>The day as of which money is received.</summary>
    protected virtual DateOnly ValueDay => State.Today;

    /// <summary>What is due on a certificate on that day, but for what is on its way already: only X tells lumps here.</summary>
    protected ulong Total(Id<Instrument> note) =>
        Rulebook.Instructions(State, note, ValueDay).Aggregate(0UL, (sum, one) => sum + Amount.Remaining(one.Total, one.Announced).Minor);

    protected ReceivePayment Receipt(Id<Instrument> note, ulong amount, ulong due) => new(
        New<Payment>(), note, amount == due ? PaymentOutcome.Paid : PaymentOutcome.PartlyPaid, new(amount), Reference(), ValueDay);

    protected (PartyId, Operation, PartyId[]) Lump(Random chance, Id<Instrument> note) => Total(note) is var total && total == 0
        ? (X, Receipt(note, 1, 1), [])
        : (X, Receipt(note, chance.Next(4) == 0 ? total : 1 + (ulong)chance.NextInt64((long)total), total), []);

    /// <summary>Money for one token or its end, mostly to whom it is due; before the due date the payee signs.</summary>
    protected (PartyId, Operation, PartyId[]) ForUnits(Random chance, Id<Instrument> note)
    {
        var live = Live(note);
        if (live.Length == 0) return (X, Receipt(note, 1, 1), []);
        var token = Pick(chance, live);
        var due = Rulebook.Instructions(State, note, ValueDay).SingleOrDefault(one => one.Units == token.Units)?.Total.Minor ?? token.Units.Length;
        var whole = chance.Next(2) == 0;
        var first = token.Units.First + (whole ? 0 : (ulong)chance.NextInt64((long)token.Units.Length));
        var amount = whole && chance.Next(2) == 0 ? due : 1 + (ulong)chance.NextInt64((long)(token.Units.Last - first + 1));
        var payee = chance.Next(8) == 0 ? B : PayeeOf(token);
        var receipt = Receipt(note, amount, whole ? due : 0) with { Units = new(first, token.Units.Last), Payee = payee };
        return (BankOf(payee), receipt, State.Today < State.Instrument(note)?.DueDate ? [payee] : []);
    }

    protected (PartyId, Operation, PartyId[]) Costs(Random chance, Id<Instrument> note)
    {
        var live = Live(note);
        if (live.Length == 0) return Back(chance);
        var token = Pick(chance, live);
        var first = token.Units.First + (ulong)chance.NextInt64((long)token.Units.Length);
        return (token.Holder, new ClaimCosts(note, new(first, token.Units.Last), new((ulong)chance.Next(1, 500)), new(2, 2)), [C]);
    }

    protected (PartyId, Operation, PartyId[]) Back(Random chance)
    {
        var id = AnyPayment(chance);
        return (State.Payment(id)?.Bank ?? X, new ReturnPayment(id, Reference()), []);
    }

    /// <summary>Somebody says whether announced money came: mostly the payee's bank, now and then one who has no say.</summary>
    protected (PartyId, Operation, PartyId[]) Answers(Random chance, Id<Instrument> note)
    {
        var open = State.Announcements(note).SelectMany(payment => payment.OpenAt(State.Now).Select(share => (payment.Id, share.Payee))).ToArray();
        if (open.Length == 0) return Back(chance);
        var (payment, payee) = Pick(chance, open);
        var by = chance.Next(6) switch { 0 => payee, 1 => X, _ => BankOf(payee) };
        return chance.Next(2) == 0
            ? (by, new DenyPayment(payment, payee, new(1, 1)), [])
            : (by, new ConfirmPayment(payment, New<Payment>(), payee, Reference()), []);
    }

    protected Id<Payment> AnyPayment(Random chance)
    {
        var known = State.AllPayments.OrderBy(payment => payment.Id).ToArray();
        return known.Length == 0 ? New<Payment>() : chance.Next(2) == 0 ? known[^1].Id : known[chance.Next(known.Length)].Id;
    }

    /// <summary>To whom a token's units are paid, by the schoolbook: the pledgee whose pledge was first, or the holder.</summary>
    protected PartyId PayeeOf(Token token)
    {
        var pledges = token.Encumbrances.Where(burden => burden.Kind == EncumbranceKind.Pledge && burden.Until > State.Now).ToArray();
        return pledges.Length > 0 ? pledges[0].Beneficiary : token.Holder;
    }

    /// <summary>Lines hold what is drawn on them; what no longer runs draws nothing; one application, one reservation.</summary>
    protected void LinesHold()
    {
        foreach (var line in State.AllLines)
        {
            var drawn = State.AllFinancings.Where(financing => financing.Line == line.Id).Aggregate(Amount.Zero, (sum, financing) => sum + financing.Drawn);
            var issued = State.AllEarmarks.Where(earmark => earmark.Line == line.Id).Aggregate(Amount.Zero, (sum, earmark) => sum + earmark.Drawn);
            Assert.Equal(drawn + issued, line.Drawn);
        }

        foreach (var financing in State.AllFinancings)
        {
            Assert.True(financing.Drawn <= financing.Principal);
            Assert.True(IsRunning(financing) || financing.Drawn.IsZero, $"{financing.Status} and draws");
            Assert.Equal(financing.Status == FinancingStatus.Applied, State.Reservation(financing.Id) is not null);
            debts.Holds(State, financing);
        }

        Assert.Equal(State.AllFinancings.Count(financing => financing.Status == FinancingStatus.Applied), State.AllReservations.Count());
    }

    /// <summary>An act was taken: what it lends is within the limit, and what it ends lets its security go.</summary>
    protected void Happened(LedgerState before, Operation operation)
    {
        debts.Ended(before, operation);
        if (before.Rules.Is(RuleParameter.PledgeReservation)) OnlyTheReservedIsLentOn(before, operation);
        if (operation is not (ApproveFinancing or IssueReceivable or SetLine)) return;
        foreach (var line in State.AllLines)
            Assert.True(line.Drawn <= line.Limit || line.Drawn <= before.Line(line.Id)?.Drawn, $"{line.Id} is lent above its limit");
    }

    // Who looks at a registry of pledges lends on no document that is free there before the money is out, and two hours longer.
    static void OnlyTheReservedIsLentOn(LedgerState before, Operation operation)
    {
        var end = operation switch
        {
            ApproveFinancing approve => (approve.Financing, approve.CommittedUntil),
            Disburse disburse => (disburse.Financing, before.Now),
            _ => default,
        };
        if (end != default && before.Financing(end.Item1) is { Documents.Count: > 0 }) Assert.True(before.PledgeReservation(end.Item1)?.Until.UnixMilliseconds >= end.Item2.UnixMilliseconds + 7_200_000, $"{operation} without a reservation");
    }

    bool IsReserved(Financing financing) => State.PledgeReservation(financing.Id)?.Until > State.Now.Add(2 * Timestamp.Hour);

    readonly Debts debts = new();

    /// <summary>
    /// What was received was received by the word of whoever is paid or of its bank, in the state before it was entitled, unit by unit, and what is neither
    /// received nor announced is nothing.
    /// </summary>
    protected static void OnlyTheEntitledArePaid(LedgerState before, Payment payment, Func<Token, PartyId> payeeOf, IEnumerable<PartyId> speakers)
    {
        var paid = Amount.Zero;
        var tokens = Assert.IsType<Tokens>(before.Tokens(payment.Instrument));
        foreach (var share in payment.Shares)
        {
            Assert.True(speakers.Contains(share.Payee) || before.Party(share.Payee) is { } payee && payee.Sponsor == payment.Bank, $"{payment.Bank} received for {share.Payee}");
            paid += share.Costs + share.Interest;
            foreach (var units in share.Retired)
            {
                paid += units.Amount;
                foreach (var token in tokens.Touching(units)) Assert.Equal((share.Payee, UnitState.Live), (payeeOf(token), token.State));
            }

            Assert.Contains(tokens.Span.ToArray(), token => token.State == UnitState.Live && payeeOf(token) == share.Payee);
        }

        Assert.Empty(payment.Announced.Select(share => share.Payee).Intersect(payment.Shares.Select(share => share.Payee)));
        paid = payment.Announced.Aggregate(paid, static (sum, share) => sum + share.Amount);
        Assert.Equal(payment.Status == PaymentStatus.Disputed ? Amount.Zero : payment.Amount, paid);
    }
}
