using Ledger.Core.Chain;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Suites;
using Ledger.Tests.Vectors;

namespace Ledger.Tests.Laws;

/// <summary>Where a frozen story stands before one of its transactions, behind how many of its blocks, and all that is sent in it.</summary>
sealed record Scene(GoldenStory Story, ulong Height, LedgerState State, List<SignedTransaction> Sent, int Done)
{
    static readonly Lazy<Scene[]> Known = new(Read);

    public static Scene[] All => Known.Value;

    static Scene[] Read()
    {
        var scenes = new List<Scene>();
        foreach (var story in GoldenStory.All)
        {
            var genesis = Genesis.Read(story.Frozen(FolderLayout.Genesis), KnownSuites.Find, out _);
            Assert.NotNull(genesis);
            var sent = new List<SignedTransaction>();
            var state = genesis.State();
            var audit = new ChainAudit(genesis, verifySignatures: false)
            {
                OnBlock = folded =>
                {
                    state = folded.Opening.Aggregate(state, static (after, happened) => happened.Enact(after));
                    foreach (var transaction in folded.Answers.Select(answer => answer.Transaction).OfType<SignedTransaction>())
                    {
                        scenes.Add(new(story, folded.Block.Header.Height - 1, state.WithoutChanges(), sent, sent.Count));
                        sent.Add(transaction);
                        if (Rulebook.Decide(state, transaction) is not { IsEntry: true } decision) continue;
                        state = Rulebook.Record(state, transaction, decision).Aggregate(decision.After, static (after, happened) => happened.Enact(after));
                    }
                },
            };
            foreach (var name in story.SegmentNames) Assert.Null(audit.Read(name, story.Frozen(name)));
        }

        return [.. scenes];
    }
}
