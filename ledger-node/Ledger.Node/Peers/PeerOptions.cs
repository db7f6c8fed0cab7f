using System.Net;
using System.Security.Cryptography;

namespace Ledger.Node.Peers;

/// <summary>
/// Where a node serves peers, which peers it asks, and by what they know each other. Without either it has none of it; with one of them it needs all three certificates' files.
/// </summary>
public sealed record PeerOptions(IPEndPoint? Listen, IReadOnlyList<PeerAddress> Peers, string? CaPath, string? CertificatePath, string? KeyPath)
{
    public static readonly PeerOptions None = new(null, [], null, null, null);

    public bool AreWanted => Listen is not null || Peers.Count > 0;

    /// <summary>Opens the certificates; null where none are wanted, or with the reason where they are and cannot be used.</summary>
    public PeerCertificates? Open(out (string Chinese, string English)? problem)
    {
        problem = null;
        if (!AreWanted) return null;
        if (CaPath is null || CertificatePath is null || KeyPath is null)
        {
            problem = ("节点间通信需要 peer-ca、peer-cert 与 peer-key", "peers need peer-ca, peer-cert and peer-key");
            return null;
        }

        foreach (var path in (string[])[CaPath, CertificatePath, KeyPath])
        {
            if (File.Exists(path)) continue;
            problem = ($"找不到节点间通信的证书文件 {path}", $"there is no file {path}, and so no certificates for peers");
            return null;
        }

        try
        {
            return PeerCertificates.Open(CaPath, CertificatePath, KeyPath, out problem);
        }
        catch (Exception unread) when (unread is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = (
                $"节点间通信的证书无法读取（peer-ca {CaPath}，peer-cert {CertificatePath}，peer-key {KeyPath}）：{unread.Message}",
                $"the certificates for peers cannot be read (peer-ca {CaPath}, peer-cert {CertificatePath}, peer-key {KeyPath}): {unread.Message}");
            return null;
        }
    }
}
