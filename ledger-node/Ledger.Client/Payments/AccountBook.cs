using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Ledger.Client.Disclosures;
using Ledger.Client.Files;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Payments;

/// <summary>
/// One party's account as its payer keeps it. <paramref name="Disclosure"/> opens the digest that the party filed on the ledger, where its payer was
/// given it.
/// </summary>
public sealed record AccountEntry(PartyId Party, PaymentAccount Account, string? Name, PaymentAgent? Agent, Disclosure? Disclosure)
{
    /// <summary>Whether nothing speaks against this being the account that the party filed; true too where that was not disclosed.</summary>
    public bool Agrees(CryptoSuite suite, Hash256 filed) => Disclosure is null
        || (Disclosure.Digest(suite) == filed && Disclosure.Name == Term.Account.Name()
            && PaymentAccount.TryParse(Disclosure.Value, out var disclosed) && disclosed == Account);
}

/// <summary>
/// Accounts by party, from a table (CSV, UTF-8 or GB18030) with the columns <c>party</c>, <c>account</c> and, if wanted, <c>name</c>, <c>bic</c>,
/// <c>cnaps</c>, <c>disclosure</c>; or from a JSON array of objects with these members. They are nowhere on the ledger.
/// </summary>
public sealed class AccountBook
{
    static readonly string[] Columns = ["party", "account", "name", "bic", "cnaps", "disclosure"];

    readonly Dictionary<PartyId, AccountEntry> entries = [];

    public AccountEntry? this[PartyId party] => entries.GetValueOrDefault(party);

    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out AccountBook? book, [NotNullWhen(false)] out ImportProblem? problem)
    {
        book = null;
        if (!FileText.TryDetect(file, out var text, out problem)) return false;
        if (!TryReadRows(text, out var rows, out problem)) return false;

        var read = new AccountBook();
        foreach (var (place, row) in rows)
        {
            if (!TryRead(row, place, out var entry, out problem)) return false;
            if (read.entries.TryAdd(entry.Party, entry)) continue;
            problem = new(Refusal.FieldRepeated, place, entry.Party.Text);
            return false;
        }

        book = read;
        return true;
    }

    static bool TryReadRows(
        string text, [NotNullWhen(true)] out List<(string Place, Dictionary<string, string> Row)>? rows, [NotNullWhen(false)] out ImportProblem? problem)
    {
        if (text.AsSpan().TrimStart().StartsWith("[")) return TryReadJson(text, out rows, out problem);

        rows = null;
        if (!Csv.TryRead(text, out var lines, out problem)) return false;
        if (lines is not [var heading, ..])
        {
            problem = new(Refusal.CsvEmpty, "/");
            return false;
        }

        var names = heading.Fields;
        if (names.Distinct().Count() != names.Length || names.Except(Columns).Any() || !names.Contains("party") || !names.Contains("account"))
        {
            problem = new(Refusal.CsvHeaderWrong, $"row {heading.Number}", string.Join(',', names));
            return false;
        }

        rows = [];
        foreach (var line in lines.Skip(1))
        {
            if (line.Fields.Length != names.Length)
            {
                problem = new(Refusal.CsvFieldCountWrong, $"row {line.Number}");
                return false;
            }

            var given = names.Zip(line.Fields).Where(field => field.Second.Length > 0);
            rows.Add(($"row {line.Number}", given.ToDictionary(field => field.First, field => field.Second)));
        }

        return true;
    }

    static bool TryReadJson(
        string text, [NotNullWhen(true)] out List<(string Place, Dictionary<string, string> Row)>? rows, [NotNullWhen(false)] out ImportProblem? problem)
    {
        rows = null;
        problem = null;
        try
        {
            using var document = JsonDocument.Parse(text, new() { AllowDuplicateProperties = false });
            var read = new List<(string, Dictionary<string, string>)>();
            foreach (var item in document.RootElement.EnumerateArray())
            {
                var place = $"[{read.Count + 1}]";
                var row = item.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString() ?? "");
                if (row.Keys.Except(Columns).FirstOrDefault() is { } unknown)
                {
                    problem = new(Refusal.CsvHeaderWrong, place, unknown);
                    return false;
                }

                read.Add((place, row));
            }

            rows = read;
            return true;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            problem = new(Refusal.MissingField, "/", wrong.Message);
            return false;
        }
    }

    static bool TryRead(
        Dictionary<string, string> row, string place, [NotNullWhen(true)] out AccountEntry? entry, [NotNullWhen(false)] out ImportProblem? problem)
    {
        entry = null;
        problem = null;
        var (party, account) = (row.GetValueOrDefault("party"), row.GetValueOrDefault("account"));
        var (bic, cnaps) = (row.GetValueOrDefault("bic"), row.GetValueOrDefault("cnaps"));
        var agent = bic is null && cnaps is null ? null : new PaymentAgent(bic, cnaps);
        Disclosure? disclosure = null;
        if (party is null || account is null) problem = new(Refusal.MissingField, $"{place}.{(party is null ? "party" : "account")}");
        else if (!PartyId.TryParse(party, out var id)) problem = new(Refusal.PaymentTextInvalid, $"{place}.party", party);
        else if (!PaymentAccount.TryParse(account, out var number)) problem = new(Refusal.AccountInvalid, $"{place}.account", account);
        else if (agent is { IsValid: false }) problem = new(Refusal.PaymentTextInvalid, $"{place}.{(bic is null ? "cnaps" : "bic")}", bic ?? cnaps);
        else if (!TryReadDisclosure(row, out disclosure)) problem = new(Refusal.PaymentTextInvalid, $"{place}.disclosure", row["disclosure"]);
        else entry = new(id, number, row.GetValueOrDefault("name"), agent, disclosure);
        return entry is not null;
    }

    static bool TryReadDisclosure(Dictionary<string, string> row, out Disclosure? disclosure)
    {
        disclosure = null;
        return !row.TryGetValue("disclosure", out var text) || Disclosure.TryParse(text, out disclosure);
    }
}
