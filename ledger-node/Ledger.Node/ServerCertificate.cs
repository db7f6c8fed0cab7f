using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ledger.Node;

/// <summary>The certificate that the API speaks TLS with, from the files that the options name.</summary>
static class ServerCertificate
{
    /// <summary>False with the reason where it cannot be read; true without a certificate where none is named.</summary>
    public static bool TryRead(NodeOptions options, out X509Certificate2? certificate, [NotNullWhen(false)] out string? problem)
    {
        (certificate, problem) = (null, null);
        if (options.CertificatePath is not { } path)
        {
            if (options.CertificateKeyPath is null) return true;
            problem = "--tls-key needs --tls-cert. --tls-key 须与 --tls-cert 同用。";
            return false;
        }

        try
        {
            var password = options.CertificatePasswordFile is { } file ? File.ReadLines(file).FirstOrDefault() : null;
            certificate = Read(path, options.CertificateKeyPath, password);
            if (certificate.HasPrivateKey) return true;
            certificate.Dispose();
            problem = $"{path}: the file has no private key; name it with --tls-key. 证书文件不含私钥，请用 --tls-key 指明。";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = $"{path}: {fault.Message} 无法读取证书。";
        }

        certificate = null;
        return false;
    }

    // A PEM file holds several things; what holds all in one is PKCS #12.
    static X509Certificate2 Read(string path, string? keyPath, string? password)
    {
        if (keyPath is null && !File.ReadAllText(path).Contains("-----BEGIN", StringComparison.Ordinal)) return X509CertificateLoader.LoadPkcs12FromFile(path, password);
        return password is null ? X509Certificate2.CreateFromPemFile(path, keyPath) : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
    }
}
