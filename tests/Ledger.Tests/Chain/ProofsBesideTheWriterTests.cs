using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Chain;

public sealed class ProofsBesideTheWriterTests
{
    [Fact]
    public async Task Proofs_taken_while_leaves_are_appended_are_true()
    {
        const int Leaves = 50_000;
        var suite = new P256Suite();
        var tree = new HistoryTree(suite);
        for (var i = 1; i <= 1_000; i++) tree.Append(new(0, (UInt128)i));
        var root = tree.Root();

        var writing = Task.Run(() =>
        {
            for (var i = 1_001; i <= Leaves; i++) tree.Append(new(0, (UInt128)i));
        }, TestContext.Current.CancellationToken);

        var index = 0UL;
        do
        {
            index = (index + 37) % 1_000;
            Assert.True(Proofs.VerifyInclusion(suite, new Hash256(0, index + 1), index, 1_000, tree.InclusionProof(index, 1_000), root));
        }
        while (!writing.IsCompleted);

        await writing;
        Assert.Equal((ulong)Leaves, tree.Size);
    }
}
