using System.CommandLine;
using System.Globalization;
using Ledger.Client.Disclosures;
using Ledger.Client.Files;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Cli;

/// <summary>
/// What an act hides from rivals: new terms, typed as people write them, and terms that were disclosed before and are signed again. Only their salted
/// digests go on the ledger; the disclosures of new terms go to a file, which <c>ledger disclose</c> hands on.
/// </summary>
sealed class HidingOptions(Option<Currency>? currency)
{
    readonly Option<Currency> own = Options.CurrencyOption();
    readonly Option<string[]> hide = Options.Texts(
        "--hide", "只以摘要上链的条款：rate=3.85%、interest=1234.56、account=…；可重复", "a term of which only a digest goes on the ledger: rate=3.85%, interest=1234.56, account=…; may be repeated", "TERM=VALUE");
    readonly Option<string[]> terms = Options.Texts(
        "--terms", "先前的披露文件，再次签署其中的条款；可重复", "a file of disclosures whose terms are signed again; may be repeated", "FILE");
    readonly Option<string?> folder = Options.TextOption(
        "--disclosures-out", "存放新条款披露文件的目录；用 --hide 时必需", "folder for the disclosures of new terms; needed with --hide", value: "DIR");

    public IEnumerable<Symbol> All => currency is null ? [hide, terms, folder, own] : [hide, terms, folder];

    public HiddenGiven Of(Run run)
    {
        var set = DisclosureSet.Empty;
        foreach (var text in run.Required(hide)) set = With(set, text, run.Value(currency ?? own));
        return new(set, [.. run.Required(terms).Select(path => Read(run, path))], run.Value(folder));
    }

    static DisclosureSet With(DisclosureSet set, string text, Currency currency)
    {
        var mark = text.IndexOf('=');
        var names = string.Join(", ", Enum.GetValues<Term>().Select(Terms.Name));
        if (mark < 1 || !Terms.TryParse(text[..mark], out var term)) throw StopException.Usage($"“{text}”应写作 条款=值；条款为 {names}。", $"'{text}' should be TERM=VALUE; the terms are {names}.");
        var value = text[(mark + 1)..];
        if (set[term] is not null) throw StopException.Usage($"条款 {term.Name()} 给出了两次。", $"The term {term.Name()} is given twice.");
        switch (term.Kind())
        {
            case TermKind.Amount:
                return set.With(term, Options.Money(value, currency));
            case TermKind.Rate when Options.TryParseRate(value, out var rate):
                return set.With(term, rate);
            case TermKind.Text when term.Takes(value):
                return set.With(term, value);
            default:
                throw StopException.Usage($"“{value}”不是 {term.Name()} 的值（利率例：3.85%）。", $"'{value}' is no value of {term.Name()} (a rate is written 3.85%).");
        }
    }

    public static DisclosureSet Read(Run run, string path) =>
        DisclosureFile.TryRead(run.Read(path), out var file, out _) ? file.Set : throw new StopException(ExitCode.Fault, $"{path} 不是披露文件。", $"{path} is no file of disclosures.");
}

/// <summary>What one act hides, and where its new disclosures are kept.</summary>
sealed record HiddenGiven(DisclosureSet New, IReadOnlyList<DisclosureSet> Again, string? Folder)
{
    public static readonly HiddenGiven None = new(DisclosureSet.Empty, [], null);

    /// <summary>Whoever hides something keeps what shows it.</summary>
    public void DemandFolder()
    {
        if (New.Count > 0 && Folder is null)
        {
            throw StopException.Usage(
                "隐藏条款须与 --disclosures-out 同用：没有披露文件，谁也无法再证明这些条款。", "Hidden terms need --disclosures-out: without the disclosures nobody could ever show them.");
        }
    }

    /// <summary>All that the act hides, to be shown beside it; empty where it hides nothing.</summary>
    public IReadOnlyList<DisclosureFile> Beside(Hash256 chain, Transaction transaction)
    {
        var all = DisclosureSet.Empty;
        foreach (var (_, disclosure) in Again.Prepend(New).SelectMany(set => set.All)) all = all.With(disclosure);
        return all.Count == 0 ? [] : [new(chain, transaction.Party, transaction.Id, 0, all)];
    }

    /// <summary>Ascending, so that their order tells nothing.</summary>
    public ValueList<Hash256> Digests(CryptoSuite suite) => [.. Again.Prepend(New).SelectMany(set => set.Digests(suite)).Distinct().Order()];

    /// <summary>Keeps the disclosures of the new terms, for its owner alone to read.</summary>
    public void Write(Hash256 chain, Transaction transaction)
    {
        if (New.Count == 0 || Folder is null) return;
        OwnerOnly.CreateFolder(Folder);
        using var file = OwnerOnly.Create(Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{transaction.Party}_{transaction.Id}_0.json")), FileMode.CreateNew);
        file.Write(new DisclosureFile(chain, transaction.Party, transaction.Id, 0, New).ToJson());
    }
}
