using System.Security.Cryptography.X509Certificates;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>What is known of a member: what it said last and when, and what is wrong with it now.</summary>
/// <param name="Address">Where it is asked.</param>
/// <param name="IsLeader">Whether it leads.</param>
/// <param name="Revision">Its newest revision.</param>
/// <param name="StoredBytes">The size of its database, which its quota bounds.</param>
/// <param name="UsedBytes">What of that is in use; the rest goes by defragmentation.</param>
/// <param name="Version">Of its program.</param>
/// <param name="LastSeen">When it answered last.</param>
/// <param name="Alarms">What it raises, such as NOSPACE.</param>
/// <param name="Trouble">Why it did not answer, or does not serve; null while it does.</param>
public sealed record MemberRecord(
    string Address, bool IsLeader, ulong? Revision, long? StoredBytes, long? UsedBytes, string? Version, DateTimeOffset? LastSeen, IReadOnlyList<string> Alarms,
    (string Chinese, string English)? Trouble);

/// <summary>What this node knows of the members of etcd, for people and for monitoring. Read and written from anywhere.</summary>
public sealed class EtcdBook
{
    readonly Lock gate = new();
    readonly Dictionary<string, MemberRecord> records = [];
    readonly string[] order;

    public EtcdBook(IEnumerable<string> addresses, DateTimeOffset? certificateExpires)
    {
        order = [.. addresses];
        CertificateExpires = certificateExpires;
        foreach (var address in order) records[address] = new(address, IsLeader: false, null, null, null, null, null, [], null);
    }

    /// <summary>When the certificate ends that this node shows to members; null where it shows none.</summary>
    public DateTimeOffset? CertificateExpires { get; }

    /// <summary>In the order of the setting.</summary>
    public IReadOnlyList<MemberRecord> All
    {
        get
        {
            lock (gate) return [.. order.Select(address => records[address])];
        }
    }

    /// <summary>What is known of the members of an address, of which nothing was asked yet.</summary>
    public static EtcdBook Of(EtcdAddress address)
    {
        if (address.CertificatePath is not { } path) return new(address.Members.Select(static member => member.Authority), null);
        using var own = X509Certificate2.CreateFromPem(File.ReadAllText(path));
        return new(address.Members.Select(static member => member.Authority), own.NotAfter);
    }

    public void Note(MemberRecord record)
    {
        lock (gate) records[record.Address] = record;
    }
}
