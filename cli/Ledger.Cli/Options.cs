using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ledger.Client.Money;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary>Options and arguments as several commands have them. Each call makes a new one, for a symbol belongs to one command.</summary>
static class Options
{
    public delegate bool TextParser<T>(ReadOnlySpan<char> text, out T value);

    public static Argument<T> Argument<T>(string name, string description, TextParser<T> tryParse) =>
        new(name) { Description = description, CustomParser = result => Parse(result, tryParse, name) };

    public static Argument<string> Text(string name, string description) => new(name) { Description = description };

    public static Option<string?> TextOption(string name, string description, bool required = false) => new(name) { Description = description, Required = required };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    public static Option<T> Option<T>(string name, string description, TextParser<T> tryParse, bool required = true) =>
        new(name) { Description = description, Required = required, CustomParser = result => Parse(result, tryParse, name) };

    /// <summary>An option that may be left out; null then.</summary>
    public static Option<T?> Optional<T>(string name, string description, TextParser<T> tryParse)
        where T : struct =>
        new(name) { Description = description, CustomParser = result => Parse(result, tryParse, name) };

    /// <summary>An option that may be given several times.</summary>
    public static Option<T[]> Several<T>(string name, string description, TextParser<T> tryParse, bool required = false) => new(name)
    {
        Description = description,
        Required = required,
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var values = new List<T>();
            foreach (var token in result.Tokens)
            {
                if (tryParse(token.Value, out var value)) values.Add(value);
                else result.AddError(Wrong(name, token.Value));
            }

            return [.. values];
        },
    };

    public static Option<PartyId> Party(string name, string description, bool required = true) => Option<PartyId>(name, description, PartyId.TryParse, required);

    public static Option<string> File(string name, string description, bool required = true) => new(name) { Description = description, Required = required };

    public static Option<string?> PasswordFile() =>
        TextOption("--password-file", "file whose first line is the password (- for standard input); asked for when left out");

    public static Option<Currency> CurrencyOption()
    {
        var option = Option<Currency>("--currency", "ISO 4217 code (default CNY)", Currency.TryParse, required: false);
        option.DefaultValueFactory = _ => Currency.Cny;
        return option;
    }

    public static Option<string> AmountOption(string description = "in major units, as people write it: 300000.00", bool required = true) =>
        new("--amount") { Description = description, Required = required };

    /// <summary>An amount as a person typed it.</summary>
    public static Amount Money(string typed, Currency currency) =>
        MoneyText.TryParse(typed, currency, out var amount)
            ? amount
            : throw StopException.Usage($"“{typed}”不是 {currency} 的金额（例：300000.00）。", $"'{typed}' is not an amount of {currency} (for example 300000.00).");

    public static bool TryParseDate(ReadOnlySpan<char> text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    public static bool TryParseWhole(ReadOnlySpan<char> text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>An enum's member by its name on the wire.</summary>
    public static bool TryParseName<T>(ReadOnlySpan<char> text, out T value)
        where T : struct, Enum
    {
        foreach (var member in Enum.GetValues<T>())
        {
            value = member;
            if (text.SequenceEqual(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member.ToString()))) return true;
        }

        value = default;
        return false;
    }

    static T Parse<T>(ArgumentResult result, TextParser<T> tryParse, string name)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (tryParse(text, out var value)) return value;
        result.AddError(Wrong(name, text));
        return value;
    }

    static string Wrong(string name, string text) => $"{name}: '{text}' is not in the required form.";
}
