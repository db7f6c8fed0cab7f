using System.Security.Cryptography;
using Ledger.Client.Files;
using Ledger.Client.Pledges;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Node.Views;

namespace Ledger.Node.Pledges;

/// <summary>
/// Answers asks with this bank's share of a pledge key: whom the key's file names, for as many tags a UTC day as it says. Each ask is in <c>pledges.db</c> before its answer leaves, so that neither a start nor a
/// second ask of the same id gives anybody more. It never learns what it was asked about.
/// </summary>
public sealed class PledgeDesk
{
    const string Tables = """
        CREATE TABLE IF NOT EXISTS asks(asker TEXT NOT NULL, id TEXT NOT NULL, digest BLOB NOT NULL, tags INTEGER NOT NULL, day INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(asker, id)) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS asks_of_day ON asks(asker, day, tags);
        """;

    const int MaxFile = 1024 * 1024;

    readonly Lock gate = new();
    readonly PledgeGroup group;
    readonly int number;
    readonly PledgeShareKey share;
    readonly string path;
    readonly TimeProvider time;

    PledgeDesk(PledgeGroup group, int number, PledgeShareKey share, string path, TimeProvider time) => (this.group, this.number, this.share, this.path, this.time) = (group, number, share, path, time);

    /// <summary>Null, said why, where the file, a share of its key or the log cannot be used: nothing about pledges keeps a node from running.</summary>
    public static PledgeDesk? Open(string file, IReadOnlyList<PledgeShareKey> shares, string data, TimeProvider time, Action<string> say)
    {
        PledgeDesk? No(string why)
        {
            say($"pledge key: {why}. No ask is answered. 不答复标签请求。");
            return null;
        }

        PledgeGroup? group;
        try
        {
            if (!PledgeGroup.TryRead(BoundedFile.Read(file, MaxFile), out group)) return No($"{file} is no pledge key's file");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return No(unread.Message);
        }

        var key = group.Key();
        var (number, share) = Enumerable.Range(1, group.Evaluators.Count).SelectMany(number => shares.Where(one => key.HasShare(number, one.Share)).Select(one => (number, one))).FirstOrDefault();
        if (share is null) return No("no share of it, pledge*.key.json, is beside the genesis file and opens");
        var path = Path.Combine(data, FolderLayout.Pledges);
        try
        {
            using var sql = LocalFile.Open(path, Tables);
            return LocalFile.IsWhole(sql) ? new(group, number, share, path, time) : No($"{FolderLayout.Pledges} is damaged");
        }
        catch (ViewsFault damaged)
        {
            return No($"{FolderLayout.Pledges}: {damaged.Message}");
        }
    }

    /// <summary>The answer to an ask, or why there is none.</summary>
    public (PledgeAnswer? Answer, Refusal Refusal, string? Reason) Answer(ReadOnlySpan<byte> body)
    {
        if (!PledgeAsk.TryRead(body, out var ask)) return (null, Refusal.BodyInvalid, null);
        if (ask.Fault(group) is { } fault) return (null, Refusal.PledgeAskRefused, fault.ToString());
        try
        {
            lock (gate)
            {
                if (Count(ask, SHA256.HashData(body)) is var refusal and not Refusal.None) return (null, refusal, null);
            }
        }
        catch (IOException)
        {
            return (null, Refusal.PledgeAskNotKept, null);
        }

        return (ask.Answer(number, share), Refusal.None, null);
    }

    // The same ask is answered again, as often as it got lost; another under its id is none.
    Refusal Count(PledgeAsk ask, byte[] digest)
    {
        var refusal = Refusal.None;
        LocalFile.Change(path, Tables, sql =>
        {
            var before = sql["SELECT digest FROM asks WHERE asker=?1 AND id=?2"].With(ask.Asker).With(ask.Id).First<byte[]?>(static row => row.Bytes(0), null);
            if (before is not null)
            {
                if (!before.AsSpan().SequenceEqual(digest)) refusal = Refusal.PledgeAskRepeated;
                return;
            }

            var now = time.GetUtcNow();
            var day = now.ToUnixTimeSeconds() / 86_400;
            var used = sql["SELECT coalesce(sum(tags),0) FROM asks WHERE asker=?1 AND day=?2"].With(ask.Asker).With(day).First(static row => row.Long(0), 0);
            if (used + ask.Elements.Count > group.Asker(ask.Asker)?.ADay) refusal = Refusal.PledgeQuotaUsed;
            else sql["INSERT INTO asks VALUES(?1,?2,?3,?4,?5,?6)"].With(ask.Asker).With(ask.Id).With(digest).With((long)ask.Elements.Count).With(day).With(now.ToUnixTimeMilliseconds()).Run();
        });
        return refusal;
    }
}
