using System.Collections.Frozen;
using System.Diagnostics;
using Ledger.Client.Files;

namespace Ledger.Client.Payments;

/// <summary>
/// The published codes by which banks tell money that came back, or that is not final, from money that was paid: <c>ReturnCodes.csv</c>, taken from the
/// external code sets of ISO 20022 (a public copy of May 2025), from field 61 of SWIFT's MT940 and from the list of the German banks (DFÜ-Abkommen, annex 3, version 3.4).
/// </summary>
static class ReturnCodes
{
    public const string Reasons = "ExternalReturnReason1Code";
    public const string Reversals = "ExternalReversalReason1Code";
    public const string SubFamilies = "ExternalBankTransactionSubFamily1Code";
    public const string Purposes = "ExternalPurpose1Code";
    public const string SwiftTypes = "SWIFT MT940 field 61";
    public const string GermanCodes = "DK Geschäftsvorfallcode";

    static readonly FrozenDictionary<(string List, string Code), ReturnCode> Known = Load();

    public static IEnumerable<ReturnCode> All => Known.Values;

    public static ReturnCode? Find(string list, string? code) => code is not null && Known.TryGetValue((list, code), out var known) ? known : null;

    /// <summary>The meaning of a bank's own code: <c>NRTI</c>, or <c>NTRF+159+9075</c> as German banks write it.</summary>
    public static ReturnCode? FindProprietary(string? code)
    {
        if (code is null) return null;
        var parts = code.Split('+');
        if (parts[0].Length == 4 && Find(SwiftTypes, parts[0][1..]) is { } type) return type;
        return parts.Length > 1 ? Find(GermanCodes, parts[1]) : null;
    }

    static FrozenDictionary<(string, string), ReturnCode> Load()
    {
        using var stream = typeof(ReturnCodes).Assembly.GetManifestResourceStream("payments.ReturnCodes.csv") ?? throw new UnreachableException();
        using var reader = new StreamReader(stream);
        if (!Csv.TryRead(reader.ReadToEnd(), out var rows, out var problem)) throw new UnreachableException(problem.Element);
        return rows.Skip(1).Select(row => new ReturnCode(row.Fields[0], row.Fields[1], row.Fields[2], row.Fields[3])).ToFrozenDictionary(code => (code.List, code.Code));
    }
}

/// <summary>One code. Its kind is <c>return</c>, <c>reversal</c>, <c>adjustment</c> or <c>reserve</c>, for money that the bank may still take back.</summary>
sealed record ReturnCode(string List, string Code, string Kind, string Meaning);
