using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ledger.Client.Devnet;

/// <summary>
/// The authority of a network on this machine, on P-256: by its certificates nodes, etcd's members and whoever looks after them know each other. A node's
/// certificate is in the name of its bank's party number. All are good on loopback only, as server and as client, for a quarter of a year.
/// </summary>
public sealed class LocalAuthority : IDisposable
{
    const string ServerUse = "1.3.6.1.5.5.7.3.1";
    const string ClientUse = "1.3.6.1.5.5.7.3.2";
    const int SerialSize = 16;

    static readonly TimeSpan Life = TimeSpan.FromDays(90);

    // Clocks differ.
    static readonly TimeSpan Before = TimeSpan.FromHours(1);

    readonly X509Certificate2 certificate;
    readonly ECDsa key;

    LocalAuthority(X509Certificate2 certificate, ECDsa key)
    {
        this.certificate = certificate;
        this.key = key;
    }

    public string Certificate => certificate.ExportCertificatePem() + "\n";

    public string Key => key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>The authority whose certificate and key these are.</summary>
    public static LocalAuthority Open(string certificate, string key)
    {
        var own = X509Certificate2.CreateFromPem(certificate, key);
        return new(own, own.GetECDsaPrivateKey() ?? throw new CryptographicException("The authority's key is on no curve."));
    }

    public static LocalAuthority Create(string name, DateTimeOffset now)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        return new(request.CreateSelfSigned(now - Before, now + Life), key);
    }

    /// <summary>A certificate and its private key, both as PEM.</summary>
    public (string Certificate, string Key) Issue(string name)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, own);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(ServerUse), new(ClientUse)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        // The topmost bit would make the number negative.
        var serial = RandomNumberGenerator.GetBytes(SerialSize);
        serial[0] = (byte)(serial[0] & 0x7F | 1);
        using var issued = request.Create(certificate, certificate.NotBefore, certificate.NotAfter, serial);
        return (issued.ExportCertificatePem() + "\n" + Certificate, own.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }

    static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
