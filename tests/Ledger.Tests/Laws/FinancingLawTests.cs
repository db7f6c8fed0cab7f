using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;
using Interval = Ledger.Core.Primitives.Interval;

namespace Ledger.Tests.Laws;

/// <summary>
/// After every step of random histories of lending: nothing is lent above a line, lines hold exactly what is owed and secured, units are held for one
/// bank at most, and whatever is undone leaves the tokens as they were. Nothing is signed here.
/// </summary>
public class FinancingLawTests
{
    const int Longest = 60;

    [Law]
    public Property Lines_hold_what_is_owed_and_secured_and_nothing_is_lent_above_their_limits() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var history = new Lives(seed);
            for (var step = 0; step < Longest; step++) history.Step();
        });

    [Fact]
    public void Histories_reach_every_end_of_a_financing()
    {
        var ends = new HashSet<FinancingStatus>();
        var answers = new HashSet<Refusal>();
        for (var seed = 0; seed < 150; seed++)
        {
            var history = new Lives(seed);
            for (var step = 0; step < Longest; step++) history.Step();
            ends.UnionWith(history.Reached);
            answers.UnionWith(history.Seen);
        }

        Assert.Empty(Enum.GetValues<FinancingStatus>().Except(ends));
        Refusal[] about =
        [
            Refusal.None, Refusal.UnitsReserved, Refusal.UnitsCommitted, Refusal.UnitsPledged, Refusal.LineExhausted, Refusal.LimitBelowDrawn,
            Refusal.ReservationOver, Refusal.CommitmentOver, Refusal.RegistrationMissing, Refusal.FinancingReliedOn, Refusal.NotDishonoured,
            Refusal.BankReferenceUsed,
        ];
        Assert.Empty(about.Except(answers));
    }

    /// <summary>Two certificates, one of them issued under a line that is kept for it, and a handful of parties that try everything.</summary>
    sealed class Lives : MoneyActs
    {
        static readonly (LedgerState State, Id<Instrument>[] Notes, Id<CreditLine>[] Lines) Beginning = Begin();

        readonly Random random;
        readonly HashSet<Refusal> seen = [];
        readonly Dictionary<Id<Financing>, Token[]> asItWas = [];

        public Lives(int seed) => (random, State) = (new(seed), Beginning.State);

        public IReadOnlySet<Refusal> Seen => seen;

        public HashSet<FinancingStatus> Reached { get; } = [];

        public void Step()
        {
            // Most pauses are short; sometimes a reservation ends over one, and once in a while the certificates fall due.
            var pause = random.Next(80) switch { 0 => 190 * Timestamp.Day, < 4 => 2 * Timestamp.Day, < 12 => 5 * Timestamp.Hour, _ => Timestamp.Minute };
            var now = State.Now.Add(pause);
            State = new BlockOpened(State.Height + 1, now, X, now, State.Height + 2, 1).Enact(State);
            while (State.NextDeadline is { } due && due.At <= State.Now) State = Rulebook.Fire(State, due).Enact(State);
            Hold();

            var known = State.AllFinancings.OrderBy(financing => financing.Id).ToArray();
            var running = known.Where(IsRunning).ToArray();
            if (running.Length == 0 || random.Next(5) == 0) Trade();
            else Try(GoesOn(random, Pick(random, random.Next(6) == 0 ? known : running), Beginning.Lines));
            Hold();
        }

        // New business: an application, a limit, a trade of units, a payment.
        void Trade()
        {
            var note = Pick(random, Beginning.Notes);
            var tokens = Assert.IsType<Tokens>(State.Tokens(note));
            var token = Pick(random, [.. tokens.Span]);
            var units = random.Next(2) == 0 ? token.Units : new(token.Units.First, token.Units.First + (ulong)random.NextInt64((long)token.Units.Length));
            switch (random.Next(6))
            {
                case 0:
                    var line = Pick(random, Beginning.Lines);
                    Try((X, SettingLine(line, (ulong)random.Next(0, 160)), []));
                    break;
                case 1 when token.State == UnitState.Live && token.Holder == X:
                    Take(new Transfer(
                        New<Offer>(), note, Pick(random, A, C), TransferCause.Trade, Recourse: false, [], State.Now.CeilingMinute().Add(Timestamp.Day), units));
                    break;
                case 2 when token.State == UnitState.Live:
                    Pay(note, units);
                    break;
                case 2:
                    TakeBack(note);
                    break;
                default:
                    var apply = Applying(random, note, token, units);
                    asItWas[apply.Financing] = [.. tokens.Span];
                    Try((token.Holder, apply, []));
                    break;
            }
        }

        void Try((PartyId By, Operation Operation, PartyId[] With) act)
        {
            var undone = act.Operation switch
            {
                ReverseFinancing reverse => reverse.Financing,
                CorrectFinancing correct => correct.Financing,
                WithdrawFinancing withdraw => withdraw.Financing,
                ReleaseFinancing release => release.Financing,
                _ => default,
            };
            var (code, after) = Decide(State, act.By, act.Operation, act.With);
            seen.Add(code);
            var before = State;
            if (code == Refusal.None && undone.Value != 0)
            {
                // What it had taken is as it was before the application, but for what was paid meanwhile.
                var financing = Assert.IsType<Financing>(after.Financing(undone));
                var tokens = Assert.IsType<Tokens>(after.Tokens(financing.Instrument)).Span.ToArray();
                foreach (var unit in financing.Units.SelectMany(units => new[] { units.First, units.Last }))
                {
                    if (At(tokens, unit) is { State: UnitState.Live } now) Assert.Equal(At(asItWas[undone], unit) with { Units = now.Units }, now);
                }
            }

            State = after;
            if (code == Refusal.None) Happened(before, act.Operation);

            static Token At(Token[] tokens, ulong unit) => tokens.Single(token => token.Units.First <= unit && unit <= token.Units.Last);
        }

        // A buyer brings its own invoice; here it is written straight into the state.
        void Take(Transfer transfer)
        {
            var amount = transfer.Units?.Amount ?? default;
            var id = New<Document>();
            var invoice = new Document(
                id, DocumentKind.Invoice, transfer.To, X, Currency.Cny, amount, State.Today, new(1, id.Value),
                [new("invoice", 1, new(2, id.Value))], [new("skeleton", 1, new(3, id.Value))], [], X, transfer.To, State.Now, Amount.Zero, Amount.Zero, Amount.Zero, []);
            State = State.With(invoice);
            Try((X, transfer with { Documents = [new(invoice.Id, amount)] }, []));
            if (State.Offer(transfer.Offer) is not null) Try((transfer.To, new AcceptOffer(transfer.Offer), []));
        }

        // What a payment by the obligor does to units and exposure.
        void Pay(Id<Instrument> note, Interval units) =>
            State = Exposure.Rewrite(null, State, note, [units], token => token.State == UnitState.Live ? token with { State = UnitState.Paid } : token);

        // And what its return does.
        void TakeBack(Id<Instrument> note) =>
            State = Exposure.Rewrite(null, State, note, [Interval.OfWhole(Assert.IsType<Tokens>(State.Tokens(note)).Face)], token =>
                token.State == UnitState.Paid ? token with { State = UnitState.Live } : token);

        void Hold()
        {
            LinesHold();
            Reached.UnionWith(State.AllFinancings.Select(financing => financing.Status));
            foreach (var note in Beginning.Notes)
            {
                foreach (var token in Assert.IsType<Tokens>(State.Tokens(note)).Span)
                    Assert.True(token.Encumbrances.Count(burden => burden.BindsAt(State.Now)) <= 1, "units are promised twice");
            }
        }

        static (Refusal Code, LedgerState After) Decide(LedgerState state, PartyId by, Operation operation, PartyId[] with)
        {
            KeyId[] signers = [.. with.Prepend(by).Distinct().Order().Select(party => Key(party))];
            var transaction = new Transaction(by, null, new(1), state.Now.Add(Timestamp.Minute), [operation]);
            var decision = Rulebook.Decide(state, new(transaction, default, new(1, 1), new(2, 2), [.. signers], default));
            return (decision.Code, decision.After);
        }

        static (LedgerState, Id<Instrument>[], Id<CreditLine>[]) Begin()
        {
            using var world = new World().Lends();
            var kept = world.Line(C, 150, CreditMode.Earmarked);
            var issue = world.Issuing(A, 60, new DocumentUse(world.Invoice(A, C, 60), new(60))) with { Line = kept };
            world.Accepts(C, issue);
            world.Accepts(A, new AcceptOffer(issue.Offer));
            Id<Instrument>[] notes = [world.Certificate(D, 90), issue.Instrument];
            world.Accepts(X, new FileAccount(Lending.Account), Key(Y));
            Id<CreditLine>[] lines = [world.Line(C, 70), kept, world.Line(A, 40, CreditMode.Supplier)];
            return (world.State, notes, lines);
        }
    }
}
