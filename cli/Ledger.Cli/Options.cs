using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ledger.Cli.Help;
using Ledger.Client.Money;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary>Options and arguments as several commands have them. Each call makes a new one, for a symbol belongs to one command.</summary>
static class Options
{
    public delegate bool TextParser<T>(ReadOnlySpan<char> text, out T value);

    public static Argument<T> Argument<T>(string name, string chinese, string english, TextParser<T> tryParse) =>
        new Argument<T>(name) { CustomParser = result => Parse(result, tryParse, name) }.Told(chinese, english);

    public static Argument<Id<TNoun>> IdArgument<TNoun>(string name, string chinese, string english) => Argument<Id<TNoun>>(name, chinese, english, Id<TNoun>.TryParse);

    public static Argument<PartyId> PartyArgument(string name, string chinese, string english) => Argument<PartyId>(name, chinese, english, PartyId.TryParse);

    public static Argument<string> Text(string name, string chinese, string english) => new Argument<string>(name).Told(chinese, english);

    public static Argument<string[]> TextsArgument(string name, string chinese, string english) => new Argument<string[]>(name) { Arity = ArgumentArity.OneOrMore }.Told(chinese, english);

    public static Option<string?> TextOption(string name, string chinese, string english, bool required = false, string value = "TEXT") =>
        new Option<string?>(name) { Required = required, HelpName = value }.Told(chinese, english);

    public static Option<bool> Flag(string name, string chinese, string english) => new Option<bool>(name).Told(chinese, english);

    public static Option<T> Option<T>(string name, string chinese, string english, TextParser<T> tryParse, bool required = true, string? value = null) =>
        new Option<T>(name) { Required = required, HelpName = value ?? ValueOf(typeof(T)), CustomParser = result => Parse(result, tryParse, name) }.Told(chinese, english);

    /// <summary>An option that may be left out; null then.</summary>
    public static Option<T?> Optional<T>(string name, string chinese, string english, TextParser<T> tryParse, string? value = null)
        where T : struct =>
        new Option<T?>(name) { HelpName = value ?? ValueOf(typeof(T)), CustomParser = result => Parse(result, tryParse, name) }.Told(chinese, english);

    /// <summary>An option that may be given several times.</summary>
    public static Option<T[]> Several<T>(string name, string chinese, string english, TextParser<T> tryParse, bool required = false, string? value = null) => new Option<T[]>(name)
    {
        Required = required,
        HelpName = value ?? ValueOf(typeof(T)),
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var values = new List<T>();
            foreach (var token in result.Tokens)
            {
                if (tryParse(token.Value, out var read)) values.Add(read);
                else result.AddError(Wrong(name, token.Value));
            }

            return [.. values];
        },
    }.Told(chinese, english);

    /// <summary>Texts that may be given several times.</summary>
    public static Option<string[]> Texts(string name, string chinese, string english, string value, bool required = false) =>
        new Option<string[]>(name) { Required = required, HelpName = value, DefaultValueFactory = _ => [] }.Told(chinese, english);

    public static Option<PartyId> Party(string name, string chinese, string english, bool required = true) => Option<PartyId>(name, chinese, english, PartyId.TryParse, required);

    public static Option<PartyId?> OptionalParty(string name, string chinese, string english) => Optional<PartyId>(name, chinese, english, PartyId.TryParse);

    public static Option<ByteString?> PublicKey(string name, string chinese, string english) => Optional<ByteString>(name, chinese, english, ByteString.TryParse);

    /// <summary>An id that the caller may choose; made when left out.</summary>
    public static Option<Id<TNoun>?> NewId<TNoun>(string name = "--id") =>
        Optional<Id<TNoun>>(name, "第 7 版 UUID，22 位 base64url；省略时自动生成", "a UUID of version 7 in 22 characters of base64url; made when left out", Id<TNoun>.TryParse);

    public static Option<Id<TNoun>?> OptionalId<TNoun>(string name, string chinese, string english) => Optional<Id<TNoun>>(name, chinese, english, Id<TNoun>.TryParse);

    /// <summary>A file that the command reads or writes.</summary>
    public static Option<string> File(string name, string chinese, string english, bool required = true, string value = "FILE") =>
        new Option<string>(name) { Required = required, HelpName = value }.Told(chinese, english);

    public static Option<string?> OutFile() => TextOption("--out", "写入该文件（默认：标准输出）", "file to write (default: standard output)", value: "FILE");

    /// <summary>A paper whose hash goes on the ledger.</summary>
    public static Option<string> Evidence(string name, string chinese, string english, bool required = true) =>
        File(name, $"{chinese}：文件，或其哈希", $"{english}: a file, or its hash", required, "FILE|HASH");

    public static Option<string?> PasswordFile() => TextOption(
        "--password-file", "首行为密码的文件（- 为标准输入）；省略时询问", "file whose first line is the password (- for standard input); asked for when left out", value: "FILE");

    public static Option<Currency> CurrencyOption()
    {
        var option = Option<Currency>("--currency", "币种，ISO 4217（默认 CNY）", "ISO 4217 code (default: CNY)", Currency.TryParse, required: false);
        option.DefaultValueFactory = _ => Currency.Cny;
        return option;
    }

    public static Option<string> AmountOption(
        string chinese = "金额，按日常写法：300000.00", string english = "in major units, as people write it: 300000.00", bool required = true, string name = "--amount") =>
        new Option<string>(name) { Required = required, HelpName = "AMOUNT" }.Told(chinese, english);

    public static Option<Interval> Units(string chinese = "份额区间：1-30000000", string english = "units: 1-30000000") => Option<Interval>("--units", chinese, english, Interval.TryParse);

    public static Option<Interval?> OptionalUnits(string chinese, string english) => Optional<Interval>("--units", chinese, english, Interval.TryParse);

    public static Option<DateOnly> Date(string name, string chinese, string english) => Option<DateOnly>(name, $"{chinese}，yyyy-MM-dd", $"{english}, yyyy-MM-dd", TryParseDate);

    public static Option<DateOnly?> OptionalDate(string name, string chinese, string english) =>
        Optional<DateOnly>(name, $"{chinese}，yyyy-MM-dd", $"{english}, yyyy-MM-dd", TryParseDate);

    /// <summary>A number of days from ledger time on, to a whole minute.</summary>
    public static Option<uint> Days(string name, string chinese, string english, uint? without = null)
    {
        var option = Option<uint>(name, chinese, english, TryParseWhole, required: without is null, value: "DAYS");
        if (without is { } days) option.DefaultValueFactory = _ => days;
        return option;
    }

    public static Option<uint?> OptionalWhole(string name, string chinese, string english) => Optional<uint>(name, chinese, english, TryParseWhole);

    /// <summary>A name of the wire, such as <c>actual365</c>; shells complete it.</summary>
    public static Option<T> Name<T>(string name, string chinese, string english, T? without = null, params ReadOnlySpan<T> refused)
        where T : struct, Enum
    {
        var option = Name<T>(name, chinese, english, required: without is null, refused);
        if (without is { } value) option.DefaultValueFactory = _ => value;
        return option;
    }

    /// <summary>A name of the wire that may be needed or not.</summary>
    public static Option<T> Name<T>(string name, string chinese, string english, bool required, params ReadOnlySpan<T> refused)
        where T : struct, Enum
    {
        var names = new NamedValues<T>(refused);
        return names.OfferedBy(Option<T>(name, chinese, english, names.TryParse, required, names.Help));
    }

    /// <summary>Names of the wire, one or more of them.</summary>
    public static Option<T[]> Names<T>(string name, string chinese, string english, params ReadOnlySpan<T> refused)
        where T : struct, Enum
    {
        var names = new NamedValues<T>(refused);
        return names.OfferedBy(Several<T>(name, chinese, english, names.TryParse, required: true, names.Help));
    }

    /// <summary>One of a few words.</summary>
    public static Option<string> OneOf(string name, string chinese, string english, string without, params string[] words)
    {
        var option = new Option<string>(name) { HelpName = string.Join('|', words), DefaultValueFactory = _ => without }.Told(chinese, english);
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    /// <summary>An amount as a person typed it.</summary>
    public static Amount Money(string typed, Currency currency) =>
        MoneyText.TryParse(typed, currency, out var amount)
            ? amount
            : throw StopException.Usage($"“{typed}”不是 {currency} 的金额（例：300000.00）。", $"'{typed}' is not an amount of {currency} (for example 300000.00).");

    public static bool TryParseDate(ReadOnlySpan<char> text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    public static bool TryParseWhole(ReadOnlySpan<char> text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    public static bool TryParseHeight(ReadOnlySpan<char> text, out ulong height) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out height);

    /// <summary>A rate as people write it, <c>3.85%</c>, or as the wire does: millionths.</summary>
    public static bool TryParseRate(ReadOnlySpan<char> text, out Rate rate)
    {
        const int millionthsOfPercent = 10_000;
        if (!text.EndsWith("%")) return Rate.TryParse(text, out rate);
        rate = default;
        if (!decimal.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) || percent > Rate.Max / millionthsOfPercent) return false;
        var millionths = percent * millionthsOfPercent;
        return decimal.IsInteger(millionths) && Rate.TryParse(decimal.ToUInt32(millionths).ToString(CultureInfo.InvariantCulture), out rate);
    }

    // What help writes for a value of the type.
    static string ValueOf(Type type) => type switch
    {
        _ when type == typeof(PartyId) => "PARTY",
        _ when type == typeof(DateOnly) => "DATE",
        _ when type == typeof(Timestamp) => "TIME",
        _ when type == typeof(Interval) => "FIRST-LAST",
        _ when type == typeof(Currency) => "CODE",
        _ when type == typeof(Hash256) => "HASH",
        _ when type == typeof(Rate) => "RATE",
        _ when type == typeof(uint) || type == typeof(ulong) => "N",
        { IsGenericType: true } => "ID",
        _ => "TEXT",
    };

    static T Parse<T>(ArgumentResult result, TextParser<T> tryParse, string name)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (tryParse(text, out var value)) return value;
        result.AddError(Wrong(name, text));
        return value;
    }

    static string Wrong(string name, string text) => $"{name}: '{text}' is not in the required form.";
}
