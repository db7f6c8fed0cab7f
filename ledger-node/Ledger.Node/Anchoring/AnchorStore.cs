using System.Globalization;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Evm;
using Ledger.Node.Views;

namespace Ledger.Node.Anchoring;

/// <summary>
/// The anchors of a node, in <c>anchor.db</c>: what was signed for whom, under which nonce, and how far it is. What was kept survives a crash; whoever lost the file
/// finds what the chain has, and pays at most for a transaction that says nothing new. One process has it at a time, over one connection.
/// </summary>
public sealed class AnchorStore : IDisposable
{
    const string Tables = """
        CREATE TABLE IF NOT EXISTS jobs(number INTEGER PRIMARY KEY, chain TEXT NOT NULL, step INTEGER NOT NULL, nonce INTEGER, mined BLOB, block INTEGER, block_hash BLOB, succeeded INTEGER, cost TEXT,
            since INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS attempts(job INTEGER NOT NULL REFERENCES jobs(number), ordinal INTEGER NOT NULL, hash BLOB NOT NULL, raw BLOB NOT NULL, evm_chain INTEGER NOT NULL, nonce INTEGER NOT NULL,
            target BLOB NOT NULL, data BLOB NOT NULL, gas INTEGER NOT NULL, max_fee INTEGER NOT NULL, tip INTEGER, from_size INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY(job, ordinal)) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS seen(chain TEXT PRIMARY KEY, size INTEGER NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    // Chains are gone about side by side, over one connection.
    readonly Lock gate = new();
    readonly FileStream held;
    readonly Sql sql;

    AnchorStore(FileStream held, Sql sql) => (this.held, this.sql) = (held, sql);

    /// <summary>Opens the store of a data folder, or begins one; null when the file is damaged, cannot be read, or is another process's, and then it is left as it is.</summary>
    public static AnchorStore? Open(string data)
    {
        FileStream? held = null;
        Sql? sql = null;
        try
        {
            held = new(Path.Combine(data, FolderLayout.AnchorLock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            sql = LocalFile.Open(Path.Combine(data, FolderLayout.Anchors), Tables);
            if (LocalFile.IsWhole(sql)) return new(held, sql);
        }
        catch (Exception damaged) when (damaged is ViewsFault or IOException or UnauthorizedAccessException)
        {
            // Whoever asked says so.
        }

        sql?.Dispose();
        held?.Dispose();
        return null;
    }

    /// <summary>The anchor that is under way on a chain.</summary>
    public AnchorJob? UnderWay(string chain)
    {
        lock (gate) return sql[$"SELECT {Columns} FROM jobs WHERE chain=?1 AND step<?2 ORDER BY number"].With(chain).With((long)AnchorStep.Final).First<AnchorJob?>(Read, null);
    }

    /// <summary>The last that became final.</summary>
    public AnchorJob? LastFinal(string chain)
    {
        lock (gate) return sql[$"SELECT {Columns} FROM jobs WHERE chain=?1 AND step=?2 ORDER BY number DESC"].With(chain).With((long)AnchorStep.Final).First<AnchorJob?>(Read, null);
    }

    /// <summary>The transactions of a job, the newest first.</summary>
    public IReadOnlyList<AnchorAttempt> Attempts(AnchorJob job)
    {
        lock (gate) return sql["SELECT hash, raw, evm_chain, nonce, target, data, gas, max_fee, tip, from_size, size, root, at FROM attempts WHERE job=?1 ORDER BY ordinal DESC"].With(job.Number).All(ReadAttempt);
    }

    /// <summary>The nonce behind the last that stood in a block; null before the first.</summary>
    public ulong? NonceBehind(string chain)
    {
        lock (gate) return sql["SELECT max(nonce) FROM jobs WHERE chain=?1 AND mined IS NOT NULL"].With(chain).First(static row => row.IsNull(0) ? (ulong?)null : row.ULong(0) + 1, null);
    }

    /// <summary>What the anchors cost that were begun since a moment: one that stands in a block what it paid, another what the dearest of its transactions can. Not counted is the one that is <paramref name="beside"/>.</summary>
    public UInt128 SpentSince(string chain, Timestamp since, AnchorJob? beside)
    {
        using var entered = gate.EnterScope();
        var spent = UInt128.Zero;
        foreach (var job in sql[$"SELECT {Columns} FROM jobs WHERE chain=?1 AND since>=?2"].With(chain).With(since.UnixMilliseconds).All(Read))
        {
            if (job.Number == beside?.Number) continue;
            if (job.Mined is { } mined) spent += mined.Cost;
            else if (!job.IsOver) spent += Attempts(job).Select(static one => one.Signed.Transaction.Cost).DefaultIfEmpty().Max();
        }

        return spent;
    }

    /// <summary>Since when this node knows that so much is anchored: from then on the banks' turns are counted.</summary>
    public Timestamp Seen(string chain, ulong size, Timestamp now)
    {
        using var entered = gate.EnterScope();
        if (sql["SELECT at FROM seen WHERE chain=?1 AND size=?2"].With(chain).With(size).First(static row => (long?)row.Long(0), null) is { } at) return new(at);
        Keep(() => sql["INSERT OR REPLACE INTO seen VALUES(?1,?2,?3)"].With(chain).With(size).With(now.UnixMilliseconds).Run());
        return now;
    }

    public AnchorJob Begin(string chain, Timestamp now)
    {
        using var entered = gate.EnterScope();
        Keep(() => sql["INSERT INTO jobs(chain, step, since) VALUES(?1,?2,?3)"].With(chain).With((long)AnchorStep.Queued).With(now.UnixMilliseconds).Run());
        return UnderWay(chain) ?? throw new System.Diagnostics.UnreachableException("It was just kept.");
    }

    /// <summary>Keeps a job as it is now, with a transaction of it that is new. When this returns both last, or neither.</summary>
    public void Keep(AnchorJob job, AnchorAttempt? attempt = null) => Keep(() =>
    {
        var row = sql["UPDATE jobs SET step=?2, nonce=?3, mined=?4, block=?5, block_hash=?6, succeeded=?7, cost=?8 WHERE number=?1"].With(job.Number).With((long)job.Step);
        row = job.Nonce is { } nonce ? row.With(nonce) : row.WithNull();
        row = job.Mined is { } mined
            ? row.With(mined.Transaction.ToBytes()).With(mined.Block).With(mined.BlockHash.ToBytes()).With(mined.Succeeded ? 1L : 0L).With(mined.Cost.ToString(CultureInfo.InvariantCulture))
            : row.WithNull().WithNull().WithNull().WithNull().WithNull();
        row.Run();
        if (attempt is not null) Add(job, attempt);
    });

    /// <summary>A job begins anew, without what was signed for it and never left this machine.</summary>
    public void Requeue(AnchorJob job) => Keep(() =>
    {
        sql["DELETE FROM attempts WHERE job=?1"].With(job.Number).Run();
        sql["UPDATE jobs SET step=?2, nonce=NULL WHERE number=?1"].With(job.Number).With((long)AnchorStep.Queued).Run();
    });

    public void Dispose()
    {
        sql.Dispose();
        held.Dispose();
    }

    const string Columns = "number, chain, step, nonce, mined, block, block_hash, succeeded, cost, since";

    // What cannot be kept is an IOException and changes nothing.
    void Keep(Action change)
    {
        using var entered = gate.EnterScope();
        try
        {
            sql.Run("BEGIN IMMEDIATE");
            try
            {
                change();
                sql.Run("COMMIT");
            }
            catch
            {
                sql.Run("ROLLBACK");
                throw;
            }
        }
        catch (ViewsFault fault)
        {
            throw new IOException(fault.Message, fault);
        }
    }

    void Add(AnchorJob job, AnchorAttempt attempt)
    {
        var (signed, transaction) = (attempt.Signed, attempt.Signed.Transaction);
        var row = sql["INSERT INTO attempts VALUES(?1,(SELECT count(*) FROM attempts WHERE job=?1),?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)"].With(job.Number)
            .With(signed.Hash.ToBytes()).With(signed.Raw.Span).With(transaction.Chain).With(transaction.Nonce).With((transaction.To ?? default).ToBytes()).With(transaction.Data.Span)
            .With(transaction.Gas).With(transaction.Fees.Max);
        (transaction.Fees.Tip is { } tip ? row.With(tip) : row.WithNull()).With(attempt.From).With(attempt.Size).With(attempt.Root.ToBytes()).With(attempt.At.UnixMilliseconds).Run();
    }

    static AnchorJob Read(Statement row) => new(
        row.Long(0), row.Text(1), (AnchorStep)row.Int(2), row.IsNull(3) ? null : row.ULong(3),
        row.IsNull(4) ? null : new(Hash256.Read(row.Bytes(4)), row.ULong(5), Hash256.Read(row.Bytes(6)), row.Int(7) != 0, UInt128.Parse(row.Text(8), CultureInfo.InvariantCulture)), new(row.Long(9)));

    static AnchorAttempt ReadAttempt(Statement row)
    {
        var transaction = new EvmTransaction(
            row.ULong(2), row.ULong(3), EvmAddress.Read(row.Bytes(4)), new(row.Bytes(5)), row.ULong(6), new(row.ULong(7), row.IsNull(8) ? null : row.ULong(8)));
        return new(new(transaction, new(row.Bytes(1)), Hash256.Read(row.Bytes(0))), row.ULong(9), row.ULong(10), Hash256.Read(row.Bytes(11)), new(row.Long(12)));
    }
}
