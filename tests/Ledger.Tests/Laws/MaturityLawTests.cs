using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Interest;
using static Ledger.Tests.World;
using Interval = Ledger.Core.Primitives.Interval;

namespace Ledger.Tests.Laws;

/// <summary>
/// After the due date, whatever lumps and payments come, go back and are disputed, and whoever the units pass to meanwhile: what is paid and what is
/// owed make the face, and money reaches only those who are entitled when it comes.
/// </summary>
public class MaturityLawTests
{
    const ulong Face = 100_000;

    static readonly DateOnly Payable = Date("2026-09-14");

    static readonly (LedgerState State, Id<Instrument> Note) Due = Begin();

    [Law]
    public Property What_was_paid_and_what_is_owed_make_the_face_and_only_the_entitled_are_paid() =>
        Prop.ForAll(Seeds.UpTo(25), seeds =>
        {
            var story = new Story(Due.State);
            foreach (var seed in seeds) story.Step(new(seed));
        });

    [Law]
    public Property Every_lump_is_shared_as_exact_fractions_say() =>
        Prop.ForAll(Seeds.UpTo(25), seeds =>
        {
            var book = new Book(Due.State);
            foreach (var seed in seeds) book.Step(new(seed));
        });

    [Fact]
    public void The_histories_reach_what_they_are_about()
    {
        var seen = new HashSet<string>();
        for (var round = 0; round < 60; round++)
        {
            var story = new Story(Due.State);
            for (var step = 0; step < 25; step++) seen.Add(story.Step(new((round * 100) + step)));
            seen.UnionWith(story.Seen);
        }

        Assert.Empty(new[]
        {
            "ReceivePayment None", "ReceivePayment PayeeNotEntitled", "ReceivePayment InstrumentStatusWrong", "ReturnPayment None", "ReturnPayment LaterActsRely",
            "AcceptOffer None", "ClaimCosts None", "DisputePayment None", "ConfirmPayment None", "DenyPayment None", "ConfirmPayment NotTheAnnouncedPayee",
            "paid in time after all",
        }.Except(seen));
    }

    static (LedgerState, Id<Instrument>) Begin()
    {
        using var world = new World();
        var note = world.Certificate(A, Face);
        world.Hands(note, A, B, 1, 20_000);
        world.Hands(note, A, D, 20_001, 50_000);
        world.Hands(note, A, X, 50_001, 75_000);
        world.Until("2026-09-14 09:00:00");
        return (world.State.WithoutChanges(), note);
    }

    /// <summary>Acts that are mostly right; nothing is signed, for deciding verifies no signatures.</summary>
    class Acts : MoneyActs
    {
        protected Acts(LedgerState state) => State = state;

        public static Id<Instrument> Note => Due.Note;

        public Decision Do(PartyId by, Operation operation, params PartyId[] with)
        {
            var transaction = new Transaction(by, null, New<Transaction>(), State.Now.Add(1), [operation]);
            var decision = Rulebook.Decide(State, new(
                transaction, default, new(1, 1), new(2, 2), [.. with.Append(by).Distinct().Order().Select(party => Key(party))], default));
            State = decision.After.WithoutChanges();
            return decision;
        }

        public void Pass(int days)
        {
            var now = State.Now.Add(days * Timestamp.Day);
            State = new BlockOpened(State.Height + 1, now, X, now, State.Height + 2, 1).Enact(State);
            while (State.NextDeadline is { } due && due.At <= State.Now) State = Rulebook.Fire(State, due).Enact(State);
            State = State.WithoutChanges();
        }
    }

    sealed class Story(LedgerState state) : Acts(state)
    {
        readonly HashSet<string> seen = [];

        bool? isPunctual;
        bool isInTime;

        public IReadOnlySet<string> Seen => seen;

        protected override DateOnly ValueDay => isInTime ? Payable : State.Today;

        public string Step(Random chance)
        {
            // Some money is of the payable day and posted later, in some histories all of it.
            isPunctual ??= chance.Next(3) == 0;
            isInTime = isPunctual.Value || chance.Next(4) == 0;
            Pass(chance.Next(4));
            if (State.Instrument(Note)?.Status == InstrumentStatus.Settled && chance.Next(3) > 0) return Answer(Back(chance));
            switch (chance.Next(12))
            {
                case < 3: return Answer(Lump(chance, Note));
                case < 6: return Answer(ForUnits(chance, Note));
                case 6: return Answer(Moves(chance));
                case 7: return Answer(Costs(chance, Note));
                case 8: return Answer(Back(chance));
                case 9 or 10: return Answer(Answers(chance, Note));
                default: return Answer((C, new DisputePayment(AnyPayment(chance), new(1, 1)), []));
            }
        }

        string Answer((PartyId By, Operation Operation, PartyId[] With) act)
        {
            var before = State;
            var decision = Do(act.By, act.Operation, act.With);
            foreach (var received in decision.Events.OfType<PaymentReceived>()) OnlyTheEntitledArePaid(before, received.Payment, PayeeOf, act.With.Append(act.By));
            PaidAndOwedMakeTheFace();
            if (act.Operation is ReceivePayment receipt && decision.IsAccepted) GoesBackWithoutATrace(before, decision.After, receipt);
            return $"{act.Operation.GetType().Name} {decision.Code}";
        }

        (PartyId, Operation, PartyId[]) Moves(Random chance)
        {
            if (Live(Note).Length == 0) return Back(chance);
            var token = Live(Note)[chance.Next(Live(Note).Length)];
            var to = new[] { A, B, D, X }.Where(party => party != token.Holder).ElementAt(chance.Next(3));
            var first = token.Units.First + (ulong)chance.NextInt64((long)token.Units.Length);
            var transfer = new Transfer(
                New<Offer>(), Note, to, TransferCause.Subrogation, false, [], State.Now.CeilingMinute().Add(Timestamp.Day),
                new Interval(first, token.Units.Last), Evidence: new(3, 3));
            Do(token.Holder, transfer);
            return (to, new AcceptOffer(transfer.Offer), []);
        }

        void PaidAndOwedMakeTheFace()
        {
            var standing = State.AllPayments.Where(payment => payment.Status != PaymentStatus.Returned);
            var retired = standing.SelectMany(payment => payment.Shares).SelectMany(share => share.Retired).Order().ToArray();
            for (var i = 1; i < retired.Length; i++) Assert.False(retired[i].Overlaps(retired[i - 1]));
            foreach (var units in retired)
            {
                foreach (var token in Assert.IsType<Tokens>(State.Tokens(Note)).Touching(units)) Assert.Equal(UnitState.Paid, token.State);
            }

            Assert.Equal(Face, retired.Aggregate(0UL, (sum, units) => sum + units.Length) + Live(Note).Aggregate(0UL, (sum, token) => sum + token.Units.Length));
            Assert.Equal(Live(Note).Length == 0, State.Instrument(Note)?.Status == InstrumentStatus.Settled);

            // What was missed is what no money of the payable day or before has paid, whenever it was posted.
            var inTime = standing.Where(payment => payment.ValueDate <= Payable).SelectMany(payment => payment.Shares).SelectMany(share => share.Retired).Aggregate(0UL, (sum, units) => sum + units.Length);
            foreach (var missed in State.Maturity(Note)?.Missed ?? []) Assert.Equal(Face - inTime, missed.Unpaid.Minor);
            if (State.Maturity(Note) is { Missed.Count: 1, OverdueOn.Count: 0 }) seen.Add("paid in time after all");
        }

        void GoesBackWithoutATrace(LedgerState before, LedgerState after, ReceivePayment receipt)
        {
            var payment = Assert.IsType<Payment>(after.Payment(receipt.Payment));
            var transaction = new Transaction(payment.Bank, null, New<Transaction>(), after.Now.Add(1), [new ReturnPayment(payment.Id, Reference())]);
            var back = Rulebook.Decide(after, new(transaction, default, new(1, 1), new(2, 2), [Key(payment.Bank)], default));
            Assert.Equal(Refusal.None, back.Code);
            foreach (var days in new[] { 0, 1, 40 })
                Assert.Equal(Rulebook.Instructions(before, Note, before.Today.AddDays(days)), Rulebook.Instructions(back.After, Note, before.Today.AddDays(days)));
        }
    }

    /// <summary>Four creditors in a schoolbook that knows fractions: who is owed how much since when, and what stayed unpaid.</summary>
    sealed class Book(LedgerState state) : Acts(state)
    {
        sealed record Line(PartyId Payee, BigInteger Last)
        {
            public BigInteger Principal { get; set; }

            public BigInteger Costs { get; set; }

            public BigInteger Interest { get; set; }

            public DateOnly From { get; set; } = Date("2026-09-14");
        }

        readonly Line[] lines =
            [new(B, 20_000) { Principal = 20_000 }, new(D, 50_000) { Principal = 30_000 }, new(X, 75_000) { Principal = 25_000 }, new(A, Face) { Principal = 25_000 }];

        public void Step(Random chance)
        {
            Pass(chance.Next(9));
            if (chance.Next(4) == 0) Costs(chance);
            var due = lines.Select(line => (ulong)(line.Costs + InterestOf(line) + line.Principal)).ToArray();
            var total = due.Aggregate(0UL, (sum, one) => sum + one);
            Assert.Equal(
                lines.Where(line => line.Principal > 0).Select(line => (line.Payee, (ulong)line.Costs, (ulong)InterestOf(line), (ulong)line.Principal)),
                Rulebook.Instructions(State, Note, State.Today).Select(one => (one.Payee, one.Costs.Minor, one.Interest.Minor, one.Principal.Minor)));
            if (total == 0) return;

            var receipt = Receipt(Note, Math.Min(total, 1 + (ulong)chance.NextInt64((long)(total / (ulong)chance.Next(1, 6)))), total);
            Assert.Equal(Refusal.None, Do(X, receipt, D).Code);
            var dealt = AccrualTests.Dealt(receipt.Amount.Minor, due).ToArray();
            var shares = Assert.IsType<Payment>(State.Payment(receipt.Payment)).Shares;
            for (var i = 0; i < lines.Length; i++)
            {
                // Who gets nothing of a lump is not touched by it.
                Assert.Equal(dealt[i] > 0, shares.Any(one => one.Payee == lines[i].Payee));
                if (dealt[i] == 0) continue;
                var (costs, interest, principal) = Pay(lines[i], dealt[i]);
                var share = shares.Single(one => one.Payee == lines[i].Payee);
                Assert.Equal((costs, interest, principal), (share.Costs.Minor, share.Interest.Minor, share.Retired.Aggregate(0UL, (sum, units) => sum + units.Length)));
            }
        }

        void Costs(Random chance)
        {
            var owed = lines.Where(line => line.Principal > line.Costs + 10).ToArray();
            if (owed.Length == 0 || State.Today <= Date("2026-09-14")) return;
            var line = owed[chance.Next(owed.Length)];
            var amount = chance.Next(1, 10);
            Assert.Equal(Refusal.None, Do(line.Payee, new ClaimCosts(Note, Live(Note).Single(token => token.Holder == line.Payee).Units, new((ulong)amount), new(2, 2)), C).Code);
            line.Costs += amount;
        }

        // Principal retires units from the front; each unit bears what the units up to it bear more than those before it.
        BigInteger InterestOf(Line line)
        {
            var days = State.Today.DayNumber - line.From.DayNumber;
            return line.Interest + UpTo(line.Last, days) - UpTo(line.Last - line.Principal, days);
        }

        // Half a fen and more is a fen.
        static BigInteger UpTo(BigInteger units, int days) => ((2 * units * 500 * days) + 1_000_000) / 2_000_000;

        (ulong Costs, ulong Interest, ulong Principal) Pay(Line line, ulong amount)
        {
            var interest = InterestOf(line);
            var toCosts = BigInteger.Min(amount, line.Costs);
            var toInterest = BigInteger.Min(amount - toCosts, interest);
            var toPrincipal = amount - toCosts - toInterest;
            line.Costs -= toCosts;
            line.Interest = interest - toInterest;
            line.Principal -= toPrincipal;
            line.From = State.Today;
            return ((ulong)toCosts, (ulong)toInterest, (ulong)toPrincipal);
        }
    }
}
