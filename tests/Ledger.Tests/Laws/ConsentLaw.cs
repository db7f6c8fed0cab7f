using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Laws;

/// <summary>
/// Nobody's units move on one word, by the schoolbook: it keeps who signed for every offer, when, and what became of it, and looks at every unit that changed
/// hands. Nobody in these histories has an agent, and the banks are founders.
/// </summary>
sealed class ConsentLaw
{
    readonly Dictionary<UInt128, Word> words = [];

    sealed record Word(PartyId Holder, PartyId Gainer, PartyId By, TransferCause Cause, PartyId[] Signers, Timestamp At)
    {
        public PartyId? ContestedBy { get; set; }

        public bool IsUpheld { get; set; }

        public bool IsDismissed { get; set; }
    }

    /// <summary>An act was accepted.</summary>
    public void Saw(LedgerState before, LedgerState after, PartyId by, Operation operation, PartyId[] signers)
    {
        switch (operation)
        {
            case Transfer offered:
                words[offered.Offer.Value] = new(offered.From ?? by, offered.To, by, offered.Cause, signers, before.Now);
                break;
            case ContestMeasure contest when words.TryGetValue(contest.Measure.Value, out var word):
                Assert.True(by == word.Holder || by == BankOf(before, word.Holder), $"{by} contests for another");
                Assert.True(before.Now < EndOf(before, word), "contested too late");
                word.ContestedBy = by;
                break;
            case DecideMeasure decide when words.TryGetValue(decide.Measure.Value, out var word):
                Assert.NotNull(word.ContestedBy);
                Assert.DoesNotContain(by, word.Signers);
                Assert.True(by != BankOf(before, word.Holder) && by != BankOf(before, word.Gainer) && IsInstitution(by), $"{by} is no third institution");
                (word.IsUpheld, word.IsDismissed) = (decide.Upheld, !decide.Upheld);
                break;
            default:
                break;
        }

        foreach (var note in before.AllInstruments)
        {
            if (before.Tokens(note.Id) is not { } had || after.Tokens(note.Id) is not { } has || ReferenceEquals(had, has)) continue;
            foreach (var token in had.Span)
            {
                foreach (var now in has.Touching(token.Units))
                {
                    if (now.Holder != token.Holder) Assert.True(MayMove(before, by, operation, token.Holder), $"{operation.GetType().Name} by {by} moves what {token.Holder} holds");
                }
            }
        }
    }

    // Its own word, or that of two others; and a word given before somebody succeeded binds him.
    bool MayMove(LedgerState before, PartyId by, Operation operation, PartyId holder) => operation switch
    {
        AcceptOffer accept => words.TryGetValue(accept.Offer.Value, out var word) && word.Gainer == by && (IsHoldersOwn(word) || IsMeasureInForce(before, word)),
        Disburse disburse => before.Financing(disburse.Financing)?.Applicant == holder,
        CorrectTransfer or BuyBack or ReverseFinancing or CorrectFinancing => by == holder,
        _ => false,
    };

    static bool IsHoldersOwn(Word word) => word.Cause is TransferCause.Court or TransferCause.Succession ? false : word.Signers.Contains(word.Holder);

    static bool IsMeasureInForce(LedgerState before, Word word)
    {
        if (word.Cause is not (TransferCause.Court or TransferCause.Succession or TransferCause.Realisation) || word.IsDismissed) return false;
        var independent = word.Signers.Where(one => IsInstitution(one) && one != word.Gainer && one != BankOf(before, word.Gainer)
            && (word.Cause != TransferCause.Realisation || one != word.By)).Distinct();
        return independent.Count() >= 2 && (word.IsUpheld || (word.ContestedBy is null && before.Now >= EndOf(before, word)));
    }

    static Timestamp EndOf(LedgerState state, Word word) => word.At.Add(state.Rules[RuleParameter.ContestHours] * Timestamp.Hour).CeilingMinute();

    static bool IsInstitution(PartyId party) => party == X || party == Y || party == Z || party == W;

    static PartyId BankOf(LedgerState state, PartyId party) => IsInstitution(party) || state.Party(party) is not { } known ? party : known.Sponsor;
}
