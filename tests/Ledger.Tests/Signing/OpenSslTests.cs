using System.Diagnostics;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Node.Witnessing;
using Ledger.Suites;

namespace Ledger.Tests.Signing;

/// <summary>OpenSSL's command line judges what our keys sign and hash.</summary>
public sealed class OpenSslTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ledger-openssl-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void OpenSSL_accepts_an_ES256_note_line()
    {
        using var key = SigningKey.Create(KnownSuites.P256);
        var publicKey = PublicKeyFile(P256Suite.SubjectPublicKeyInfo(key.PublicKey.Span));
        var note = Write("note", "ledger.example/0123456789abcdef\n12\nhash\n"u8);
        var signature = Write("signature", key.SignNote(File.ReadAllBytes(note)));

        Assert.Equal((0, "Verified OK"), Run("dgst", "-sha256", "-verify", publicKey, "-signature", signature, note));
        Assert.NotEqual(0, Run("dgst", "-sha256", "-verify", publicKey, "-signature", signature, signature).Code);
    }

    [Fact]
    public void OpenSSL_accepts_an_SM2_signature()
    {
        using var key = SigningKey.Create(KnownSuites.Sm2);
        var publicKey = PublicKeyFile(
            [.. Convert.FromHexString("3059301306072A8648CE3D020106082A811CCF5501822D034200"), .. key.PublicKey.Span]);
        var message = Write("message", "甲方确认"u8);
        var signature = Write("signature", Der(key.Sign(File.ReadAllBytes(message))));
        string[] verify = ["pkeyutl", "-verify", "-pubin", "-inkey", publicKey, "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"];

        Assert.Equal((0, "Signature Verified Successfully"), Run([.. verify, "-sigfile", signature, "-in", message]));
        Assert.NotEqual(0, Run([.. verify, "-sigfile", signature, "-in", signature]).Code);
    }

    [Fact]
    public void OpenSSL_accepts_a_witnesss_cosignature()
    {
        var key = WitnessKey.OpenOrMake(folder.FullName, "witness.example/regulator", out _)!;
        var checkpoint = new Checkpoint("ledger.example/0123456789abcdef", 12, new(1, 2));
        Assert.True(Cosignature.TryRead(key.Cosign(checkpoint, 1_767_225_600).Signature.Span, out var cosignature));
        var publicKey = PublicKeyFile([.. Convert.FromHexString("302A300506032B6570032100"), .. key.VKey.PublicKey.Span]);
        var signed = Write("signed", Encoding.ASCII.GetBytes($"cosignature/v1\ntime 1767225600\nledger.example/0123456789abcdef\n12\n{Convert.ToBase64String(checkpoint.Root.ToBytes())}\n"));
        var signature = Write("signature", cosignature.Signature.Span);
        string[] verify = ["pkeyutl", "-verify", "-pubin", "-inkey", publicKey, "-rawin", "-sigfile", signature];

        Assert.Equal((0, "Signature Verified Successfully"), Run([.. verify, "-in", signed]));
        Assert.NotEqual(0, Run([.. verify, "-in", signature]).Code);
    }

    [Fact]
    public void OpenSSL_gives_the_same_HMAC_SM3()
    {
        var message = Write("message", "甲方确认"u8);
        var (code, output) = Run("dgst", "-sm3", "-hmac", "consortium", message);

        Assert.Equal(0, code);
        Assert.EndsWith(KnownSuites.Sm2.Hmac("consortium"u8, "甲方确认"u8).ToString(), output);
    }

    string PublicKeyFile(byte[] subjectPublicKeyInfo) =>
        Write("public.pem", Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", subjectPublicKeyInfo)));

    string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    static byte[] Der(ReadOnlySpan<byte> signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(signature[..32], isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(signature[32..], isUnsigned: true, isBigEndian: true));
        }

        return writer.Encode();
    }

    static (int Code, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("The openssl command is not on this machine.");
            throw;
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output.Trim());
        }
    }
}
