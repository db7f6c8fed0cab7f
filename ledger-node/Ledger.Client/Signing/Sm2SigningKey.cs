using Ledger.Suites;

namespace Ledger.Client.Signing;

sealed class Sm2SigningKey(Sm2PrivateKey key) : SigningKey(KnownSuites.Sm2, key.PublicKey)
{
    public override byte[] ToScalar() => key.ToScalar();

    public override byte[] Sign(ReadOnlySpan<byte> message) => key.Sign(message);

    public override byte[] SignNote(ReadOnlySpan<byte> noteText) => key.Sign(noteText);

    protected override void Dispose(bool disposing)
    {
    }
}
