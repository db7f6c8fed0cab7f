using System.CommandLine;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary><c>--document ID=AMOUNT</c>: which documents back an act, and how much of each it takes.</summary>
static class DocumentUses
{
    public static Option<string[]> Option() => Options.Texts(
        "--document", "背景材料及其使用金额：编号=300000.00；可重复", "a document and how much of it is used: ID=300000.00; may be repeated", "ID=AMOUNT");

    public static ValueList<DocumentUse> Of(Run run, Option<string[]> option, Currency currency) =>
        [.. run.Required(option).Select(text => Read(text, currency))];

    static DocumentUse Read(string text, Currency currency)
    {
        var mark = text.IndexOf('=');
        return mark > 0 && Id<Document>.TryParse(text.AsSpan(0, mark), out var id)
            ? new(id, Options.Money(text[(mark + 1)..], currency))
            : throw StopException.Usage($"“{text}”应写作 编号=金额。", $"'{text}' should be ID=AMOUNT.");
    }
}
