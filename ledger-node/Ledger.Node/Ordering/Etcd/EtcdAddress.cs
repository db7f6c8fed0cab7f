using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>
/// Where the members of the cluster are, this bank's own first, and by what they and this node know each other. Without certificates only
/// members on this machine are spoken to.
/// </summary>
public sealed record EtcdAddress(IReadOnlyList<Uri> Members, string? CaPath, string? CertificatePath, string? KeyPath)
{
    /// <summary>Members as an operator writes them, with commas between: all with https, or all with http on loopback. Null where they are not so written.</summary>
    public static IReadOnlyList<Uri>? ParseMembers(string text)
    {
        var members = new List<Uri>();
        foreach (var one in text.Split(','))
        {
            if (!Uri.TryCreate(one, UriKind.Absolute, out var member) || member.PathAndQuery != "/" || member.UserInfo.Length > 0) return null;
            var isPlain = member.Scheme == Uri.UriSchemeHttp && member.IsLoopback;
            if (!isPlain && member.Scheme != Uri.UriSchemeHttps) return null;
            members.Add(member);
        }

        return members.Select(member => member.Scheme).Distinct().Count() == 1 ? members : null;
    }

    /// <summary>Why this node cannot speak to the members so; null where it can.</summary>
    public (string Chinese, string English)? Problem()
    {
        if (Members[0].Scheme == Uri.UriSchemeHttp) return null;
        if (CaPath is null || CertificatePath is null || KeyPath is null)
            return ("https 的 etcd 成员需要 etcd-ca、etcd-cert 与 etcd-key", "etcd members on https need etcd-ca, etcd-cert and etcd-key");
        try
        {
            foreach (var path in (string[])[CaPath, CertificatePath, KeyPath])
            {
                if (!File.Exists(path)) return ($"找不到 etcd 证书文件 {path}", $"there is no file {path}, and so no certificates for etcd");
            }

            foreach (var authority in Authorities(CaPath)) authority.Dispose();
            using var own = Own(CertificatePath, KeyPath);
            return null;
        }
        catch (Exception unread) when (unread is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (
                $"etcd 证书无法读取（etcd-ca {CaPath}，etcd-cert {CertificatePath}，etcd-key {KeyPath}）：{unread.Message}",
                $"the certificates for etcd cannot be read (etcd-ca {CaPath}, etcd-cert {CertificatePath}, etcd-key {KeyPath}): {unread.Message}");
        }
    }

    /// <summary>What TLS is told: this node's own certificate, and that only the consortium's authority counts, whatever the machine trusts.</summary>
    internal void Secure(SocketsHttpHandler handler)
    {
        if (CaPath is null || CertificatePath is null || KeyPath is null) return;
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.AddRange(Authorities(CaPath));
        handler.SslOptions.CertificateChainPolicy = chain;
        handler.SslOptions.ClientCertificates = [Own(CertificatePath, KeyPath)];
    }

    // Two, while one authority takes the place of another.
    static X509Certificate2Collection Authorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("there is no certificate in it");
    }

    static X509Certificate2 Own(string certificate, string key) => X509Certificate2.CreateFromPemFile(certificate, key);
}
