using Ledger.Core.Instruments;
using Ledger.Core.Parties;
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
            Refusal.StorageFull or Refusal.NodeStopping => outcome,
            _ => Refused(outcome, Refusal.ReasonNotShown, 0, Facts.None),
        },
        Caller.Anonymous, []);

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
        WithoutAlarms(outcome, alarm => state.Document(alarm.Document) is { } document && sight.Sees(document));

    static Answer WithoutAlarms(Answer outcome, Func<DocumentOverused, bool> isSeen) =>
        outcome.Events.Any(happened => happened is DocumentOverused)
            ? outcome with { Events = [.. outcome.Events.Where(happened => happened is not DocumentOverused alarm || isSeen(alarm))] }
            : outcome;

    /// <summary>What of the ledger one operation names: what its sender does not see of it, and documents that it found by their numbers and may not see.</summary>
    sealed record Named(IReadOnlyList<object> All, IReadOnlyList<object> Hidden, IReadOnlyList<Document> Found)
    {
        public static Named By(LedgerState state, Sight sight, Operation operation)
        {
            var names = Touches.In(operation);
            var units = names.OfType<Interval>().ToArray();
            var nouns = names.SelectMany(name => Naming.Nouns(state, name)).ToArray();
            var known = nouns.Where(noun => Knows(state, sight, noun)).ToHashSet(ReferenceEqualityComparer.Instance);

            // Who is told of an act is told on what it is.
            foreach (var instrument in known.ToArray().Select(About).Where(id => id.Value != 0).Select(id => state.Instrument(id)).OfType<Instrument>()) known.Add(instrument);

            var (all, hidden) = (new List<object>(nouns), nouns.Where(noun => !known.Contains(noun)).ToList());
            foreach (var instrument in nouns.OfType<Instrument>())
            {
                if (state.Tokens(instrument.Id) is not { } tokens) continue;
                foreach (var token in tokens.Span)
                {
                    if (units.Any(one => token.Units.Overlaps(one))) all.Add((instrument, token));
                    if (known.Contains(instrument) && !KnowsToken(state, sight, instrument, token)) hidden.Add((instrument, token));
                }
            }

            var found = names.OfType<Fingerprint>().Select(fingerprint => state.Document(fingerprint)).OfType<Document>().Distinct().ToArray();
            all.AddRange(found);
            return new(all, hidden, [.. found.Where(document => !Knows(state, sight, document))]);
        }

        public void Show(Sight sight)
        {
            foreach (var noun in All)
            {
                switch (noun)
                {
                    case Freeze freeze:
                        sight.Show(freeze.Executor);
                        break;
                    case Mandate mandate:
                        sight.Show(mandate.Principal, mandate.Agent);
                        break;
                    case Attestation attestation:
                        sight.Show(attestation.Attester);
                        break;
                    default:
                        sight.Show(noun);
                        break;
                }
            }
        }

        static Id<Instrument> About(object noun) => noun switch
        {
            Offer offer => offer.Instrument,
            Financing financing => financing.Instrument,
            Payment payment => payment.Instrument,
            Freeze freeze => freeze.Instrument,
            _ => default,
        };

        static bool Knows(LedgerState state, Sight sight, object noun) => noun switch
        {
            Freeze freeze => sight.IsOwnOrAll(Resource.Token, freeze.Executor),
            Mandate mandate => sight.IsOwnOrAll(Resource.Reads, mandate.Principal) || sight.IsOwnOrAll(Resource.Reads, mandate.Agent) || sight.Sponsors(state, [mandate.Principal]),
            Attestation attestation => sight.IsOwnOrAll(Resource.Financing, attestation.Attester)
                || (state.Financing(attestation.Financing) is { } financing && Knows(state, sight, financing)),
            Instrument instrument => sight.Sees(instrument) || sight.Sponsors(state, [instrument.Obligor, instrument.Creditor])
                || (state.Tokens(instrument.Id) is { } tokens && tokens.Span.ToArray().Any(token => sight.Sponsors(state, PartiesOf(token)))),
            Offer offer => sight.Sees(offer) || sight.Sponsors(state, [offer.From, offer.To]),
            Document document => sight.Sees(document) || sight.Sponsors(state, [document.Seller, document.Buyer]),
            Pledge pledge => sight.Sees(pledge) || sight.Sponsors(state, [pledge.Pledgor, pledge.Pledgee]),
            Financing financing => sight.Sees(financing) || sight.Sponsors(state, [financing.Applicant]),
            CreditLine line => sight.Sees(line) || sight.Sponsors(state, [line.Debtor]),
            Payment payment => sight.Sees(payment),
            Measure measure => sight.Sees(measure),
            _ => throw new System.Diagnostics.UnreachableException(noun.GetType().Name),
        };

        static bool KnowsToken(LedgerState state, Sight sight, Instrument instrument, Token token) =>
            sight.Sees(instrument, token) || sight.Sponsors(state, [instrument.Obligor, .. PartiesOf(token)]);

        static PartyId[] PartiesOf(Token token) => [token.Holder, .. token.Encumbrances.Select(burden => burden.Beneficiary)];
    }
}
