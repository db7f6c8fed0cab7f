using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;
using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Payments;

/// <summary>An ISO 20022 message from outside: its version by its namespace, and fields as its versions share them.</summary>
static class PaymentMessage
{
    /// <summary>Opens the message when its namespace is one of <paramref name="versions"/> and its content is <paramref name="content"/>.</summary>
    public static bool TryOpen(
        ReadOnlySpan<byte> file, IReadOnlyDictionary<string, string> versions, string content,
        [NotNullWhen(true)] out StatedFields? fields, [NotNullWhen(true)] out string? version, [NotNullWhen(false)] out ImportProblem? problem)
    {
        (fields, version) = (null, null);
        if (!HardenedXml.TryLoad(file, out var root, out problem)) return false;

        var space = root.Name.Namespace;
        if (root.Name.LocalName == "Document" && versions.TryGetValue(space.NamespaceName, out version) && root.Element(space + content) is not null)
        {
            fields = new(root, new Dictionary<string, XNamespace> { [""] = space });
            return true;
        }

        version = null;
        problem = new(Refusal.NotAPaymentMessage, "/", root.Name.ToString());
        return false;
    }

    /// <summary>An amount with its <c>Ccy</c>; nothing, and a word about it, where either is missing or wrong.</summary>
    public static (Amount Amount, Currency Currency)? Money(this StatedFields fields, string path)
    {
        var stated = fields.Amount(path, "Ccy");
        if (stated.Text is null) return null;

        if (!Currency.TryParse(stated.Currency, out var currency)) fields.Say(new(Refusal.CurrencyUnknown, $"{stated.Path}/@Ccy", stated.Currency));
        else if (Figure.Wrong(stated.Text, currency, out var minor) is { } refusal) fields.Say(new(refusal, stated.Path, stated.Text));
        else if (minor < 0) fields.Say(new(Refusal.AmountInvalid, stated.Path, stated.Text));
        else return (new((ulong)minor), currency);
        return null;
    }

    /// <summary>An account by its IBAN or other number, as it stands.</summary>
    public static PaymentAccount? Account(this StatedFields fields, string path)
    {
        if (fields.Text($"{path}/Id/IBAN").Text is { } iban) return new(iban, IsIban: true);
        return fields.Text($"{path}/Id/Othr/Id").Text is { } other ? new(other, IsIban: false) : null;
    }

    /// <summary>A date, or the day of a time; null, and a word about it, where what stands there is neither.</summary>
    public static DateOnly? Day(this StatedFields fields, params ReadOnlySpan<string> paths)
    {
        var stated = fields.First(paths);
        if (stated.Text is null) return null;
        if (FileDate.TryParse(stated.Text, out var date) || FileDate.TryParseTime(stated.Text, out date)) return date;

        fields.Say(new(Refusal.DateInvalid, stated.Path, stated.Text));
        return null;
    }

    /// <summary>The unstructured remittance text, its lines together; and structured references after it.</summary>
    public static string? Remittance(this StatedFields fields)
    {
        var texts = fields.All("RmtInf/Ustrd").Select(line => line.Text(".").Text)
            .Concat(fields.All("RmtInf/Strd").Select(structured => structured.Text("CdtrRefInf/Ref").Text));
        var joined = string.Join(' ', texts.OfType<string>());
        return joined.Length == 0 ? null : joined;
    }

    public static string? Reference(this StatedFields fields, string path) =>
        fields.Text(path).Text is { } text && text != "NOTPROVIDED" ? text : null;
}
