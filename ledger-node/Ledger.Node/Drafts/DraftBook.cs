using System.Collections.Immutable;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Views;

namespace Ledger.Node.Drafts;

/// <summary>The drafts of a node, in <c>drafts.db</c>. What was kept survives a crash. Changes come one at a time; whoever reads is given what is there.</summary>
public sealed class DraftBook
{
    const string Table = """
        CREATE TABLE IF NOT EXISTS drafts(party TEXT NOT NULL, id TEXT NOT NULL, text BLOB NOT NULL, change INTEGER NOT NULL, ended_by TEXT, reason TEXT, code INTEGER, height INTEGER,
            leaf INTEGER, PRIMARY KEY(party, id)) STRICT, WITHOUT ROWID;
        """;

    readonly string path;
    volatile ImmutableDictionary<(PartyId Party, Id<Transaction> Id), Draft> drafts;

    DraftBook(string path, IEnumerable<Draft> all)
    {
        this.path = path;
        drafts = all.ToImmutableDictionary(static draft => draft.Key);
    }

    /// <summary>Opens the book of a data folder, or begins one; null when the file is damaged or cannot be read, and then it is left as it is.</summary>
    public static DraftBook? Open(string data, CryptoSuite suite, Hash256 chain)
    {
        var path = Path.Combine(data, FolderLayout.Drafts);
        if (!File.Exists(path)) return new(path, []);
        try
        {
            using var sql = LocalFile.Open(path, Table);
            if (!LocalFile.IsWhole(sql)) return null;
            return new(path, sql["SELECT text, change, ended_by, reason, code, height, leaf FROM drafts"].All(row => Read(row, suite, chain)));
        }
        catch (Exception damaged) when (damaged is ViewsFault or FormatException)
        {
            return null;
        }
    }

    public IReadOnlyCollection<Draft> All => [.. drafts.Values];

    public Draft? Find(PartyId party, Id<Transaction> id) => drafts.GetValueOrDefault((party, id));

    /// <summary>Keeps a draft as it is now. What cannot be kept is an <see cref="IOException"/> and changes nothing.</summary>
    public void Keep(Draft draft)
    {
        Write(sql =>
        {
            var row = sql["INSERT OR REPLACE INTO drafts VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"].With(draft.Body.Party.Text).With(draft.Body.Id.ToString()).With(draft.Text.Signed.Bytes.Span).With(draft.Change);
            Maybe(Maybe(row, draft.End?.By.Text), draft.End?.Reason);
            Maybe(Maybe(Maybe(row, draft.Answer is { } answer ? (ushort)answer.Code : null), draft.Answer?.Height), draft.Answer?.Leaf).Run();
        });
        drafts = drafts.SetItem(draft.Key, draft);
    }

    public void Remove(IReadOnlyCollection<Draft> over)
    {
        if (over.Count == 0) return;
        Write(sql =>
        {
            foreach (var draft in over) sql["DELETE FROM drafts WHERE party=?1 AND id=?2"].With(draft.Body.Party.Text).With(draft.Body.Id.ToString()).Run();
        });
        drafts = drafts.RemoveRange(over.Select(static draft => draft.Key));
    }

    static Statement Maybe(Statement row, string? text) => text is null ? row.WithNull() : row.With(text);

    static Statement Maybe(Statement row, ulong? number) => number is { } value ? row.With(value) : row.WithNull();

    void Write(Action<Sql> change) => LocalFile.Change(path, Table, change);

    static Draft Read(Statement row, CryptoSuite suite, Hash256 chain)
    {
        if (TransactionText.ReadInPart(row.Bytes(0), suite, chain, out _) is not { } text) throw new FormatException("A draft is not well formed.");
        PartyId by = default;
        if (!row.IsNull(2) && !PartyId.TryParse(row.Text(2), out by)) throw new FormatException("A draft was ended by nobody.");
        return new(
            text, row.ULong(1), row.IsNull(2) ? null : new(by, row.IsNull(3) ? null : row.Text(3)),
            row.IsNull(4) ? null : new((Refusal)row.Int(4), row.IsNull(5) ? null : row.ULong(5), row.IsNull(6) ? null : row.ULong(6)));
    }
}
