namespace Ledger.Core.Primitives;

/// <summary>An ISO 4217 alphabetic code that this ledger knows, with the number of digits of its minor unit. The default value is none.</summary>
public readonly record struct Currency
{
    Currency(string code) => Code = code;

    public string Code { get; }

    public static readonly Currency Cny = new("CNY");

    /// <summary>Digits after the decimal point: 2 for CNY, 0 for JPY.</summary>
    public int MinorDigits => Digits(Code);

    public static bool TryParse(ReadOnlySpan<char> text, out Currency currency)
    {
        currency = default;
        foreach (var (code, _) in Known)
        {
            if (!text.SequenceEqual(code)) continue;
            currency = new(code);
            return true;
        }

        return false;
    }

    public override string ToString() => Code;

    static int Digits(string code)
    {
        foreach (var (known, digits) in Known)
        {
            if (known == code) return digits;
        }

        return 2;
    }

    // ISO 4217 list one: the settlement currencies of the consortium's members. A further one is a protocol change, for genesis and payloads name it.
    static readonly (string Code, int Digits)[] Known =
    [
        ("CNY", 2), ("AUD", 2), ("CAD", 2), ("CHF", 2), ("EUR", 2), ("GBP", 2), ("HKD", 2), ("JPY", 0), ("KRW", 0),
        ("MOP", 2), ("MYR", 2), ("NOK", 2), ("NZD", 2), ("RUB", 2), ("SEK", 2), ("SGD", 2), ("THB", 2), ("USD", 2),
    ];
}
