namespace Ledger.Core.Primitives;

/// <summary>
/// UUIDs of version 7 (RFC 9562, section 5.7) as numbers: 48 bits of Unix milliseconds, the version, 12 bits of chance, the variant, 62 bits of chance.
/// They rise with time, and say when they were made.
/// </summary>
public static class Uuid7
{
    const int Version = 7;
    const int Variant = 0b10;
    const int TimeShift = 80;
    const int VersionShift = 76;
    const int VariantShift = 62;

    static readonly UInt128 Chance = ~(((UInt128)0xFFFF_FFFF_FFFF << TimeShift) | ((UInt128)0xF << VersionShift) | ((UInt128)0b11 << VariantShift));

    /// <summary>A UUID made at <paramref name="time"/>, which is not before 1970 nor after the year 10889; 74 bits of <paramref name="chance"/> go into it.</summary>
    public static UInt128 Of(Timestamp time, UInt128 chance) =>
        ((UInt128)(ulong)time.UnixMilliseconds << TimeShift) | ((UInt128)Version << VersionShift) | ((UInt128)Variant << VariantShift) | (chance & Chance);

    /// <summary>When a UUID was made; false where the number is none of version 7.</summary>
    public static bool TryTimeOf(UInt128 value, out Timestamp time)
    {
        time = new((long)(ulong)(value >> TimeShift));
        return (int)(value >> VersionShift & 0xF) == Version && (int)(value >> VariantShift & 0b11) == Variant;
    }
}
