using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.Core.Primitives;
using Ledger.Node.Peers;

namespace Ledger.Tests.Peers;

/// <summary>An authority that signs certificates as a consortium's does, in files that go with it.</summary>
sealed class TestAuthority : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-peers-").FullName;
    readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly X509Certificate2 certificate;
    int issued;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=consortium", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));

        // Authorities of one name are told apart by their keys.
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        certificate = request.CreateSelfSigned(Now.AddDays(-60), Now.AddDays(60));
        CaPath = Path.Combine(folder, "ca.pem");
        File.WriteAllText(CaPath, certificate.ExportCertificatePem());
    }

    public string CaPath { get; }

    static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>The certificate of a party, known by this authority's own.</summary>
    public PeerCertificates Of(PartyId party) => Open($"CN={party}", Now.AddDays(10), ECCurve.NamedCurves.nistP256, CaPath, out _) ?? throw new InvalidOperationException();

    /// <summary>The same, where whoever holds it knows others by another authority.</summary>
    public PeerCertificates Of(PartyId party, TestAuthority known)
    {
        var (own, ownKey) = Issue($"CN={party}", Now.AddDays(10), ECCurve.NamedCurves.nistP256);
        var both = Path.Combine(folder, $"both-{++issued}.pem");
        File.WriteAllText(both, File.ReadAllText(CaPath) + "\n" + File.ReadAllText(known.CaPath));
        return PeerCertificates.Open(both, own, ownKey, out _) ?? throw new InvalidOperationException();
    }

    public PeerCertificates? Open(string subject, DateTimeOffset until, ECCurve curve, string ca, out (string Chinese, string English)? problem)
    {
        var (own, ownKey) = Issue(subject, until, curve);
        return PeerCertificates.Open(ca, own, ownKey, out problem);
    }

    public (string Certificate, string Key) Issue(string subject, DateTimeOffset until, ECCurve curve)
    {
        using var mine = ECDsa.Create(curve);
        var request = new CertificateRequest(subject, mine, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var made = request.Create(certificate, until.AddDays(-30), until, BitConverter.GetBytes(++issued));
        var (file, keyFile) = (Path.Combine(folder, $"{issued}.pem"), Path.Combine(folder, $"{issued}.key"));
        File.WriteAllText(file, made.ExportCertificatePem());
        File.WriteAllText(keyFile, mine.ExportPkcs8PrivateKeyPem());
        return (file, keyFile);
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
