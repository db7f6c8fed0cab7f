using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.Core.Primitives;

namespace Ledger.Node.Peers;

/// <summary>
/// By what peers know each other: this node's own certificate, and the consortium's authority, which alone counts, whatever the machine trusts. A certificate stands for the party
/// whose number is its subject's common name.
/// </summary>
public sealed class PeerCertificates : IDisposable
{
    const string ServerUse = "1.3.6.1.5.5.7.3.1";
    const string ClientUse = "1.3.6.1.5.5.7.3.2";
    const string CommonName = "2.5.4.3";
    const string P256 = "1.2.840.10045.3.1.7";

    readonly X509Certificate2Collection authorities;

    PeerCertificates(X509Certificate2Collection authorities, X509Certificate2 own, PartyId bank)
    {
        this.authorities = authorities;
        (Own, Bank) = (own, bank);
    }

    /// <summary>This node's certificate, with its key.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>For whom it stands.</summary>
    public PartyId Bank { get; }

    /// <summary>Reads the files; null with the reason where what they hold cannot serve.</summary>
    /// <exception cref="CryptographicException">They cannot be read; so with IOException, UnauthorizedAccessException and ArgumentException.</exception>
    public static PeerCertificates? Open(string ca, string certificate, string key, out (string Chinese, string English)? problem)
    {
        // Two authorities, while one takes the place of another.
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(ca);
        var own = X509Certificate2.CreateFromPemFile(certificate, key);
        var certificates = new PeerCertificates(authorities, own, PartyOf(own) ?? default);
        problem = authorities.Count == 0 ? ($"{ca} 中没有证书", $"there is no certificate in {ca}")
            : !IsP256(own) ? ($"{certificate} 不是 P-256 证书", $"{certificate} is no certificate of a P-256 key")
            : certificates.Bank == default ? ($"{certificate} 的主体 CN 不是参与方号码", $"the subject's CN of {certificate} is no party's number")
            : !certificates.IsOfAuthority(own, ServerUse, null) || !certificates.IsOfAuthority(own, ClientUse, null)
                ? ($"{certificate} 不是 {ca} 签发的有效证书，或不得用于服务端与客户端", $"{certificate} is no certificate of {ca} that is valid now, for servers and clients")
            : null;
        if (problem is null) return certificates;
        certificates.Dispose();
        return null;
    }

    /// <summary>Whether somebody who calls shows a certificate of the authority that is valid now.</summary>
    public bool IsCaller(X509Certificate2 certificate, X509Chain? shown) => IsOfAuthority(certificate, ClientUse, shown);

    /// <summary>Whether a server does.</summary>
    public bool IsServer(X509Certificate2 certificate, X509Chain? shown) => IsOfAuthority(certificate, ServerUse, shown);

    /// <summary>The party whose number is the only common name of the subject.</summary>
    public static PartyId? PartyOf(X509Certificate2 certificate)
    {
        var names = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(static part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
            .Select(static part => part.GetSingleElementValue()).ToArray();
        return names is [{ } name] && PartyId.TryParse(name, out var party) ? party : null;
    }

    public void Dispose()
    {
        Own.Dispose();
        foreach (var authority in authorities) authority.Dispose();
    }

    // What came with the certificate may lead to the authority, and is trusted for nothing else.
    bool IsOfAuthority(X509Certificate2 certificate, string use, X509Chain? shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ApplicationPolicy.Add(new(use));
        if (shown is not null) chain.ChainPolicy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }

    static bool IsP256(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPublicKey();
        return key?.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256;
    }
}
