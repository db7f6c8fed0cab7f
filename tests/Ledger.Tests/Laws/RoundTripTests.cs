using FsCheck;
using FsCheck.Fluent;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using static Ledger.Tests.World;

namespace Ledger.Tests.Laws;

public class RoundTripTests
{
    static readonly P256Suite Suite = new();
    static readonly Hash256 Chain = new(5, 6);
    static readonly SigningKey Signer = SigningKey.Create(Suite);

    public static TheoryData<string> Kinds => [.. Operations.ByKind.Keys.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_can_be_read(string kind)
    {
        var operations = Operations.ByKind.Single(known => known.Key.Name == kind).Value;

        Check.One(Thorough.Config, Prop.ForAll(operations.ToArbitrary(), operation =>
        {
            var transaction = new Transaction(X, C, new(5), new(60_000), [operation, operation]);
            var payload = TransactionText.WritePayload(transaction);
            var read = TransactionText.Read(Jws.Sign(payload, Chain, [(Key(X), Signer)]), Suite, Chain, out var refused);
            Assert.Null(refused);
            Assert.Equal(transaction, read?.Body);
            return TransactionText.WritePayload(read!.Body).AsSpan().SequenceEqual(payload);
        }));
    }
}
