using System.Globalization;
using System.Text;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Chain;

/// <summary>Why a file is no state proof. Numbers are permanent.</summary>
public enum StateProofFaultKind
{
    [Says("文件超过 2 MiB", "the file is larger than 2 MiB")]
    TooLarge = 1,

    [Says("不是以换行结尾的 UTF-8 文本，或含控制字符", "it is no text of UTF-8 that ends in a line feed, or it has control characters")]
    NotText,

    [Says("首行不是 ledger-state-proof/1", "its first line is not ledger-state-proof/1")]
    NotAStateProof,

    [Says("该行既不是 record 也不是 absent，或写法不符", "the line is neither record nor absent, or is not spelt as one")]
    LineMalformed,

    [Says("没有任何断言，或超过 256 项", "it claims nothing, or more than 256 things")]
    CountWrong,

    [Says("断言次序不对，或同一键出现两次", "claims are out of order, or one key stands twice")]
    OutOfOrder,

    [Says("该行的路径格式无效，或属于另一分区", "the path in the line is not well formed, or is of another section")]
    PathMalformed,

    [Says("空行之后不是一份完整的回执（c2sp.org/tlog-proof@v1），或其后另有内容", "what follows the empty line is no receipt (c2sp.org/tlog-proof@v1), or more than one")]
    ReceiptMalformed,

    [Says("回执所证的不是区块头", "what the receipt proves is no header")]
    NotAHeader,
}

/// <summary>The first thing that is wrong, and in which line, from 1; 0 where it is in none.</summary>
public sealed record StateProofFault(StateProofFaultKind Kind, int Line = 0);

/// <summary>What a verifier finds: the verdict on the header and its signatures, and the first claim that the header's state does not bear out.</summary>
public sealed record StateFinding(ProofVerdict Header, StateDisagreement? Disagreement)
{
    public bool IsTrue => Header == ProofVerdict.Verified && Disagreement is null;
}

/// <summary>
/// What stands in the state, and what does not, behind one block: claims with their paths to the state root, the header that has that root, and its receipt under a signed checkpoint
/// (docs/FORMATS.md, section "State proof files"). It is verified offline, and tells nothing but its records: of their neighbours only hashes.
/// </summary>
public sealed record StateProofFile(ValueList<StateClaim> Claims, TlogProof Receipt, Header Header)
{
    public const int MaxSize = 2 * 1024 * 1024;
    public const int MaxClaims = 256;

    const string FirstLine = "ledger-state-proof/1";
    const string RecordWord = "record";
    const string AbsentWord = "absent";

    /// <summary>Claims as a file has them: ascending by section and key.</summary>
    public static ValueList<StateClaim> InOrder(IEnumerable<StateClaim> claims) => [.. claims.Order(Comparer<StateClaim>.Create(Compare))];

    /// <summary>Judges the header first: claims about a state that nobody signed are neither true nor false.</summary>
    public StateFinding Verify(CryptoSuite suite, TrustPolicy policy)
    {
        var header = Receipt.Verify(suite, policy);
        return new(header, header == ProofVerdict.Verified ? Claims.Select(claim => claim.Disagrees(suite, Header.StateRoot)).FirstOrDefault(static one => one is not null) : null);
    }

    public byte[] Write()
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        foreach (var claim in Claims)
        {
            text.Append(claim.Value is null ? AbsentWord : RecordWord).Append(CultureInfo.InvariantCulture, $" {claim.Section} ").Append(Convert.ToBase64String(claim.Key.Span));
            if (claim.Value is { } value) text.Append(' ').Append(Convert.ToBase64String(value.Span));
            text.Append(' ').Append(Convert.ToBase64String(claim.Proof.Write())).Append('\n');
        }

        return [.. Encoding.UTF8.GetBytes(text.Append('\n').ToString()), .. Receipt.Write()];
    }

    /// <summary>Reads the one spelling that <see cref="Write"/> has; null with what is wrong first.</summary>
    public static StateProofFile? Read(ReadOnlySpan<byte> utf8, out StateProofFault? fault)
    {
        fault = null;
        if (utf8.Length > MaxSize) return No(StateProofFaultKind.TooLarge, 0, out fault);
        if (!NoteSyntax.TryDecodeText(utf8, out var text)) return No(StateProofFaultKind.NotText, 0, out fault);

        var at = 0;
        if (NextLine(text, ref at) is not FirstLine) return No(StateProofFaultKind.NotAStateProof, 1, out fault);
        var claims = new List<StateClaim>();
        var line = 2;
        for (; NextLine(text, ref at) is { Length: > 0 } written; line++)
        {
            if (claims.Count == MaxClaims) return No(StateProofFaultKind.CountWrong, line, out fault);
            if (ReadClaim(written, out var kind) is not { } claim) return No(kind, line, out fault);
            if (claims.Count > 0 && Compare(claims[^1], claim) >= 0) return No(StateProofFaultKind.OutOfOrder, line, out fault);
            claims.Add(claim);
        }

        if (claims.Count == 0) return No(StateProofFaultKind.CountWrong, line, out fault);
        if (!TlogProof.TryParse(Encoding.UTF8.GetBytes(text[at..]), out var receipt)) return No(StateProofFaultKind.ReceiptMalformed, line + 1, out fault);
        return Header.TryRead(receipt.Leaf.Span, out var header) ? new([.. claims], receipt, header) : No(StateProofFaultKind.NotAHeader, line + 1, out fault);
    }

    static StateClaim? ReadClaim(string line, out StateProofFaultKind kind)
    {
        kind = StateProofFaultKind.LineMalformed;
        var words = line.Split(' ');
        var isRecord = words is [RecordWord, _, _, _, _];
        if (!isRecord && words is not [AbsentWord, _, _, _]) return null;
        if (!NoteSyntax.TryParseDecimal(words[1], out var section) || section is 0 or > StateTree.MaxSections || !NoteSyntax.TryDecodeBase64(words[2], out var key)) return null;
        byte[]? value = null;
        if (isRecord && !NoteSyntax.TryDecodeBase64(words[3], out value)) return null;
        if (!NoteSyntax.TryDecodeBase64(words[^1], out var path)) return null;

        kind = StateProofFaultKind.PathMalformed;
        return StateProof.TryRead(path, out var proof) && proof.Section == section ? new((byte)section, new(key), value is null ? null : new ByteString(value), proof) : null;
    }

    // The line without its line feed; null where there is none.
    static string? NextLine(string text, ref int at)
    {
        var end = text.IndexOf('\n', at);
        if (end < 0) return null;
        var line = text[at..end];
        at = end + 1;
        return line;
    }

    static int Compare(StateClaim? one, StateClaim? other) => (one, other) switch
    {
        ({ } left, { } right) when left.Section != right.Section => left.Section.CompareTo(right.Section),
        ({ } left, { } right) => left.Key.Span.SequenceCompareTo(right.Key.Span),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static StateProofFile? No(StateProofFaultKind kind, int line, out StateProofFault? fault)
    {
        fault = new(kind, line);
        return null;
    }
}
