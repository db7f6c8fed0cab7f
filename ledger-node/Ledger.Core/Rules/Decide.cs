using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

/// <summary>A block begins: ledger time moves and ids that expired are forgotten; its envelope may begin an epoch of ordering.</summary>
public sealed record BlockOpened(ulong Height, Timestamp Time, PartyId Bank, Timestamp Clock, ulong NextCounter, uint Epoch) : LedgerEvent<BlockOpened>, IEvent
{
    public static (string Chinese, string English) Words => ("区块已开启", "block opened");

    // Ledger time never goes back; the opener's clock and counter are state, for the next time and the next batch are judged by them.
    public override LedgerState Enact(LedgerState state) =>
        (Epoch == state.Ordering.Number ? state : state.With(new Ledger.Core.Parties.OrderingEpoch(Epoch, Height)))
            .At(Height, Time).With(new Ledger.Core.Parties.EnvelopeClock(Bank, Clock, NextCounter)).Forgetting();

    public override IEnumerable<Told> Tells(LedgerState state) => [];
}

/// <summary>An entry, accepted or refused, uses its transaction id.</summary>
public sealed record IdUsed(PartyId Party, Id<Transaction> Id, Hash256 PayloadHash, Timestamp Expires, bool LongLived) : LedgerEvent<IdUsed>, IEvent
{
    public static (string Chinese, string English) Words => ("交易编号已使用", "id used");

    public override LedgerState Enact(LedgerState state) =>
        state.WithUsedId(Party, Id, new(PayloadHash, Expires, LongLived));

    public override IEnumerable<Told> Tells(LedgerState state) => [];
}

/// <summary>A double-pledge attempt went on the record and counts against its party's quota of the day.</summary>
public sealed record AttemptRecorded(PartyId Party, DateOnly Day, UInt128 Subject) : LedgerEvent<AttemptRecorded>, IEvent
{
    public static (string Chinese, string English) Words => ("重复质押尝试已记录", "attempt recorded");

    public override LedgerState Enact(LedgerState state)
    {
        var record = state.Attempts(Party, Day) ?? new Attempts(0, []);
        return state.With(new Attempts(record.Count + 1, record.Subjects.Add(Subject)), Party, Day);
    }

    public override IEnumerable<Told> Tells(LedgerState state) => [];
}

public static partial class Rulebook
{
    /// <summary>An id that lives longer than this counts against its party's quota of long-lived ids.</summary>
    public const long ShortLived = 10 * Timestamp.Minute;

    /// <summary>
    /// Judges a transaction whose syntax, chain and signatures were found good. The first reason to say no answers: the id, the expiry, the keys
    /// and who may act, then operation by operation; all of them happen or none.
    /// </summary>
    public static Decision Decide(LedgerState state, SignedTransaction signed)
    {
        var transaction = signed.Body;
        if (JudgeRequest(state, signed) is { } stale) return No(state, stale, 0);

        var act = new Act(transaction.Principal, transaction.Party, signed.Signers);
        if (JudgeAuthority(state, act, transaction) is { } barred) return No(state, barred, 0);

        if (JudgeChecker(state, act) is { } checker) return No(state, checker, 0);

        var stakes = new Stakes();
        var events = new List<LedgerEvent>();
        var after = state;
        for (var i = 0; i < transaction.Operations.Count; i++)
        {
            if (stakes.Judge(after, act, transaction.Operations[i]) is { } unauthorised) return No(state, unauthorised, i);
            var verdict = transaction.Operations[i].Judge(after, act);
            if (verdict is Verdict.Refused refused)
            {
                // What the ledger has not tidied away yet is nobody's attempt.
                if (DoublePledgeCheck.IsAttempt(refused.Refusal) && state.IsUntidy) return No(state, new(Refusal.DeadlinesUnderWay, Facts.None), i);
                return No(state, Stands(state, refused) ? refused : OfOwnTransaction(refused), i);
            }

            if (JudgeMade(after, transaction.Operations[i]) is { } misnamed) return No(state, misnamed, i);
            foreach (var happened in ((Verdict.Accepted)verdict).Events)
            {
                events.Add(happened);
                after = happened.Enact(after);
            }
        }

        foreach (var spending in stakes.Events)
        {
            events.Add(spending);
            after = spending.Enact(after);
        }

        return new(Refusal.None, 0, Facts.None, [.. events], after);
    }

    /// <summary>What an entry leaves behind beside its events: its id is used, and a double-pledge attempt counts.</summary>
    public static ValueList<LedgerEvent> Record(LedgerState state, SignedTransaction signed, Decision decision)
    {
        var used = IdUsedBy(signed, state.Now);
        return DoublePledgeCheck.IsAttempt(decision.Code)
            ? [used, new AttemptRecorded(signed.Body.Principal, state.Today, decision.Facts.Subject)]
            : [used];
    }

    /// <summary>How an entry of a block of this time uses its transaction's id.</summary>
    public static IdUsed IdUsedBy(SignedTransaction signed, Timestamp now)
    {
        var transaction = signed.Body;
        return new(transaction.Party, transaction.Id, signed.PayloadHash, transaction.Expires, transaction.Expires > now.Add(ShortLived));
    }

    /// <summary>
    /// Whether a double-pledge attempt goes on the record: the first of a party on an object in a day, while the day's quota lasts. Further ones are
    /// counted outside the ledger and never ordered.
    /// </summary>
    public static bool IsWorthRecording(LedgerState state, SignedTransaction signed, Decision decision)
    {
        if (!DoublePledgeCheck.IsAttempt(decision.Code)) return true;
        var attempts = state.Attempts(signed.Body.Principal, state.Today) ?? new Attempts(0, []);
        return attempts.Count < state.Rules[RuleParameter.AttemptsPerDay] && !attempts.Subjects.Contains(decision.Facts.Subject);
    }

    static Verdict.Refused? JudgeRequest(LedgerState state, SignedTransaction signed)
    {
        var transaction = signed.Body;
        if (state.UsedId(transaction.Party, transaction.Id) is { } used)
            return new(used.PayloadHash == signed.PayloadHash ? Refusal.AlreadyAnswered : Refusal.IdUsedForOther, Facts.None);
        if (transaction.Expires <= state.Now) return new(Refusal.Expired, Facts.None);
        if (transaction.Expires > state.Now.Add(Timestamp.Day)) return new(Refusal.ExpiryTooFar, Facts.None);
        return transaction.Expires > state.Now.Add(ShortLived) && state.LongLivedIds(transaction.Party) >= state.Rules[RuleParameter.LongLivedIds]
            ? new(Refusal.TooManyLongLivedIds, Facts.None)
            : null;
    }

    // All operations happen or none: what an earlier one took is not taken when a later one is refused, and is not named as if it were there.
    static bool Stands(LedgerState state, Verdict.Refused refused)
    {
        if (!DoublePledgeCheck.IsAttempt(refused.Refusal)) return true;
        if (refused.Facts.Conflict is not { } conflict) return state.Document(new Id<Document>(refused.Facts.Subject)) is not { } document || document.Available == refused.Facts.Available;
        return state.Tokens(new Id<Instrument>(refused.Facts.Subject)) is { } tokens && Any(tokens, conflict);
    }

    static bool Any(Tokens tokens, Conflict conflict)
    {
        foreach (var token in tokens.Span)
        {
            foreach (var burden in token.Encumbrances)
            {
                if (DoublePledgeCheck.ConflictWith(burden) == conflict) return true;
            }
        }

        return false;
    }

    static Verdict.Refused OfOwnTransaction(Verdict.Refused refused) => new(refused.Refusal, new(Subject: refused.Facts.Subject, IsOfOwnTransaction: true));

    static Decision No(LedgerState state, Verdict.Refused refused, int operation) => new(refused.Refusal, operation, refused.Facts, [], state);
}
