namespace Ledger.Evm;

/// <summary>An account or a contract: 20 octets, written <c>0x</c> and 40 hexadecimal digits. The capitals of a checksum are neither asked for nor kept.</summary>
public readonly record struct EvmAddress
{
    public const int Size = 20;

    readonly string? hex;

    EvmAddress(string hex) => this.hex = hex;

    public byte[] ToBytes() => Convert.FromHexString(Hex);

    public override string ToString() => "0x" + Hex;

    string Hex => hex ?? new('0', 2 * Size);

    public static EvmAddress Read(ReadOnlySpan<byte> octets) =>
        octets.Length == Size ? new(Convert.ToHexStringLower(octets)) : throw new ArgumentException("An address has 20 octets.", nameof(octets));

    public static bool TryParse(string text, out EvmAddress address)
    {
        address = default;
        if (text.Length != 2 + (2 * Size) || !text.StartsWith("0x", StringComparison.Ordinal) || !text.AsSpan(2).ContainsOnlyHex()) return false;
        address = new(text[2..].ToLowerInvariant());
        return true;
    }
}
