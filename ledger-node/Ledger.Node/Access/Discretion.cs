using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Views;

namespace Ledger.Node.Access;

/// <summary>What the sender of a transaction is told, as whom it asked, and whose data it asked about.</summary>
public sealed record Told(Answer Answer, Caller Caller, IReadOnlyCollection<PartyId> Of);

/// <summary>
/// A dry run and a refused submission are questions, and whoever acts is answered them as it would be answered a read: on the ledger as it sees it. What it
/// names and may not see is not there, as for a read; what is done is done on the ledger as it is.
/// </summary>
public sealed class Discretion(LedgerReader ledger, Reads reads)
{
    // An agent acts in whatever it was given a mandate for, so of its principal's it is told what that takes, and still nothing of an office.
    static readonly HashSet<string> AllVerbs = new(Rulebook.Verbs.Keys, StringComparer.Ordinal);

    public Told Tell(Answer outcome, bool isDryRun)
    {
        // Where everybody reads everything there is nothing to keep back and nobody to note. What was not verified is nobody's, and what was answered before
        // is an entry. What the node itself has against an act is judged like any answer: it is said only where the ledger would take the act.
        if (reads == Reads.Open || outcome is not { Transaction: { } transaction, Replayed: false } || outcome.Code is Refusal.KeyUnknown or Refusal.SignatureInvalid)
            return new(outcome, Caller.Anonymous, []);

        var state = ledger.NextState();
        var sight = new Sight(CallerOf(state, transaction), ledger);
        if (outcome.IsAccepted && !isDryRun) return new(WithoutAlarms(outcome, state, sight), sight.Caller, []);

        var acts = transaction.Body.Operations.Select(operation => Named.By(state, sight, operation)).ToArray();
        foreach (var act in acts) act.Show(sight);
        var told = acts.Any(act => act.Hidden.Count > 0) ? Judged(outcome, state, transaction, acts) : outcome;
        told = told with { Facts = Harmless(told.Facts, acts) };

        // A refused attempt that is on the record is an entry, which tells by itself who asked.
        return new(WithoutAlarms(told, state, sight), sight.Caller, outcome.Leaf is null ? sight.Shown : []);
    }

    /// <summary>What is told while nobody can say what the sender may see: whether it was done, and no more.</summary>
    public static Told TellUnseen(Answer outcome) => new(
        outcome.Code switch
        {
            Refusal.None => WithoutAlarms(outcome, static _ => false),

            // Whether it was done is not known, or it can be sent again when the disk has room: who hears only "refused" would give up what it may still want.
            _ when MaySendAgain(outcome.Code) => outcome,
            _ => Refused(outcome, Refusal.ReasonNotShown, 0, Facts.None),
        },
        Caller.Anonymous, []);

    /// <summary>Whether a refusal is the node's and passes: the ledger has not answered, and the same transaction is sent again.</summary>
    public static bool MaySendAgain(Refusal refusal) => refusal is Refusal.StorageFull or Refusal.NodeStopping or Refusal.OrderNotReached or Refusal.OrderBroken or Refusal.EpochEnded
        or Refusal.NodeNotAValidator or Refusal.ValidatorsChanged or Refusal.ObservesOnly or Refusal.FinalityStalled;

    static Caller CallerOf(LedgerState state, SignedTransaction transaction)
    {
        var (party, principal) = (transaction.Body.Party, transaction.Body.Principal);
        var key = transaction.Signers.FirstOrDefault(signer => signer.Party == party);
        if (state.Party(principal) is not { } whole) return Caller.Anonymous;
        if (party == principal) return Caller.Of(key, whole);
        var mandates = state.Mandates(principal, party).Where(mandate => mandate.Expires > state.Now).ToArray();
        return mandates.Length == 0 ? Caller.Anonymous : Caller.OnBehalf(key, whole, mandates) with { Mandated = AllVerbs };
    }

    // Act by act: each is tried without what it names and its sender does not see, on what the acts before it made of the ledger.
    static Answer Judged(Answer outcome, LedgerState state, SignedTransaction transaction, Named[] acts)
    {
        for (var i = 0; i < acts.Length; i++)
        {
            var alone = transaction with { Body = transaction.Body with { Operations = [transaction.Body.Operations[i]] } };
            var really = Rulebook.Decide(state, alone);
            var seen = acts[i].Hidden.Count == 0 ? really : Rulebook.Decide(state.Hiding(acts[i].Hidden), alone);
            if (!seen.IsAccepted) return Refused(outcome, seen.Code, i, seen.Facts == really.Facts || seen.Facts.Available is null ? seen.Facts : Facts.None);
            if (!really.IsAccepted) return Refused(outcome, Refusal.ReasonNotShown, i, Facts.None);
            state = really.After;
        }

        return outcome;
    }

    static Answer Refused(Answer outcome, Refusal refusal, int operation, Facts facts) =>
        outcome with { Code = refusal, Operation = operation, Facts = facts, Events = [] };

    // That a document is on the ledger already is what a bank asks for; which it is, and since when, is told to who sees it.
    static Facts Harmless(Facts facts, Named[] acts) =>
        facts.Reference is { } reference && acts.Any(act => act.Found.Any(document => document.Id.ToString() == reference)) ? facts with { Reference = null, Conflict = null } : facts;

    // Whom a red letter alarms, and by how much a document is overused, is for those who are alarmed.
    static Answer WithoutAlarms(Answer outcome, LedgerState state, Sight sight) =>
        WithoutAlarms(outcome, alarm => state.Document(alarm.Document) is { } document && sight.Sees(Guards.Document, document));

    static Answer WithoutAlarms(Answer outcome, Func<DocumentOverused, bool> isSeen) =>
        outcome.Events.Any(happened => happened is DocumentOverused)
            ? outcome with { Events = [.. outcome.Events.Where(happened => happened is not DocumentOverused alarm || isSeen(alarm))] }
            : outcome;

    /// <summary>What of the ledger one operation names: what its sender does not see of it, and documents that it found by their numbers and may not see.</summary>
    sealed record Named(IReadOnlyList<Guarded> All, IReadOnlyList<object> Hidden, IReadOnlyList<Document> Found)
    {
        public static Named By(LedgerState state, Sight sight, Operation operation)
        {
            var names = Touches.In(operation);
            var units = names.OfType<Interval>().ToArray();
            var nouns = names.SelectMany(name => Guards.Under(state, name)).ToArray();
            var known = nouns.Where(noun => noun.IsKnown(state, sight)).ToArray();

            // Who is told of an act is told on what it is.
            var about = known.Select(noun => noun.About).ToHashSet();
            bool IsKnown(Guarded noun) => known.Contains(noun) || (noun.Thing is Instrument { Id: var id } && about.Contains(id));

            var (all, hidden) = (new List<Guarded>(nouns), nouns.Where(noun => !IsKnown(noun)).Select(noun => noun.Thing).ToList());
            foreach (var noun in nouns)
            {
                if (noun.Thing is not Instrument instrument || state.Tokens(instrument.Id) is not { } tokens) continue;
                foreach (var token in tokens.Span)
                {
                    if (units.Any(one => token.Units.Overlaps(one))) all.Add(Guards.Token.Guarding((instrument, token)));
                    if (IsKnown(noun) && !KnowsToken(state, sight, instrument, token)) hidden.Add((instrument, token));
                }
            }

            var found = names.OfType<Fingerprint>().Select(fingerprint => state.Document(fingerprint)).OfType<Document>().Distinct().ToArray();
            all.AddRange(found.Select(Guards.Document.Guarding));
            return new(all, hidden, [.. found.Where(document => !Guards.Document.Guarding(document).IsKnown(state, sight))]);
        }

        public void Show(Sight sight)
        {
            foreach (var noun in All) noun.Show(sight);
        }

        static bool KnowsToken(LedgerState state, Sight sight, Instrument instrument, Token token) =>
            sight.Sees(instrument, token) || sight.Sponsors(state, Guards.PartiesOf(token).Prepend(instrument.Obligor));
    }
}
