using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;

namespace Ledger.Tests.Founding;

public class FoundingKeysTests
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("SM2")]
    public void Every_bank_opens_the_first_fingerprint_key_on_a_chain_of_either_suite(string suite)
    {
        using var founding = FoundingKeys.Fill(FoundingKeys.Preset("consortium") with { Suite = suite }, new Timestamp(1_773_100_800_000));

        Assert.NotEmpty(founding.Genesis.Text.Epoch.SealedKeys);
        Assert.All(founding.Genesis.Text.Epoch.SealedKeys, sealedKey =>
        {
            var bank = Assert.IsType<SealingKey>(founding.Keys[new(sealedKey.Bank, FoundingKeys.Sealing)]);
            Assert.True(SealedKey.TryOpen(sealedKey.Sealed, bank, out var opened));
            Assert.Equal(founding.EpochKey, opened);
        });
    }
}
