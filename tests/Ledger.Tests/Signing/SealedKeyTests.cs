using System.Security.Cryptography;
using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Base64Url = Ledger.Core.Primitives.Base64Url;

namespace Ledger.Tests.Signing;

public sealed class SealedKeyTests
{
    static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    // RFC 7518 appendix C: Alice's ephemeral key, Bob's key, the shared secret Z and the key derived from it.
    [Fact]
    public void The_example_of_RFC_7518_comes_out()
    {
        Assert.True(SealingKey.TryRead(Bytes("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"), out var alice));
        Assert.True(SealingKey.TryRead(Bytes("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"), out var bob));
        using (alice)
        using (bob)
        {
            byte[] alicePublic = [4, .. Bytes("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0"), .. Bytes("SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps")];
            byte[] bobPublic = [4, .. Bytes("weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ"), .. Bytes("e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck")];
            Assert.Equal(new ByteString(alicePublic), alice.PublicKey);
            Assert.Equal(new ByteString(bobPublic), bob.PublicKey);

            Assert.True(alice.TryAgree(bobPublic, out var shared));
            Assert.True(bob.TryAgree(alicePublic, out var same));
            Assert.Equal(shared, same);
            Assert.Equal("9E56D91D817135D372834283BF84269CFB316EA3DA806A48F6DAA7798CFE90C4", Convert.ToHexString(shared));
            Assert.Equal("VqqN6vgjbSBcIijNcacQGg", Base64Url.Encode(SealedKey.DeriveKey(shared, "A128GCM", "Alice"u8, "Bob"u8, 128)));
        }
    }

    [Fact]
    public void A_sealed_key_opens_for_its_bank_alone()
    {
        using var bank = SealingKey.Create();
        using var rival = SealingKey.Create();
        var text = SealedKey.Seal(Secret, bank.PublicKey);

        Assert.True(SealedKey.TryOpen(text, bank, out var opened));
        Assert.Equal(Secret, opened);
        Assert.False(SealedKey.TryOpen(text, rival, out _));
        Assert.NotEqual(text, SealedKey.Seal(Secret, bank.PublicKey));
    }

    [Fact]
    public void No_character_can_be_changed_unnoticed()
    {
        using var bank = SealingKey.Create();
        var text = SealedKey.Seal(Secret, bank.PublicKey);
        for (var i = 0; i < text.Length; i++)
        {
            var changed = text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..];
            Assert.False(SealedKey.TryOpen(changed, bank, out _), $"Character {i}.");
        }
    }

    // A sender with another library: the parties are named, the members stand in another order, and the key is derived with those names.
    [Fact]
    public void A_sender_may_name_the_parties()
    {
        using var bank = SealingKey.Create();
        using var ephemeral = SealingKey.Create();
        string Header(string more) => Base64Url.Encode(Encoding.ASCII.GetBytes($$"""
            {"epk":{"y":"{{Base64Url.Encode(ephemeral.PublicKey.Span[33..])}}","x":"{{Base64Url.Encode(ephemeral.PublicKey.Span[1..33])}}","crv":"P-256","kty":"EC"},
             "apv":"Qm9i","enc":"A256GCM","apu":"QWxpY2U","alg":"ECDH-ES"{{more}}}
            """));

        Assert.True(SealedKey.TryOpen(Encrypt(Header(""), ephemeral, bank), bank, out var opened));
        Assert.Equal(Secret, opened);
        Assert.True(SealedKey.TryOpen(Encrypt(Header(",\"kid\":\"bank\""), ephemeral, bank), bank, out _));
        Assert.False(SealedKey.TryOpen(Encrypt(Header(",\"zip\":\"DEF\""), ephemeral, bank), bank, out _));
        Assert.False(SealedKey.TryOpen(Encrypt(Header(",\"crit\":[]"), ephemeral, bank), bank, out _));
        Assert.False(SealedKey.TryOpen(Encrypt(Header(",\"alg\":\"ECDH-ES\""), ephemeral, bank), bank, out _));
    }

    [Fact]
    public void An_ephemeral_key_off_the_curve_is_refused()
    {
        using var bank = SealingKey.Create();
        var offCurve = bank.PublicKey.Span.ToArray();
        offCurve[^1] ^= 1;

        Assert.False(bank.TryAgree(offCurve, out _));
        Assert.False(bank.TryAgree([4, .. new byte[64]], out _));
        Assert.False(bank.TryAgree([], out _));
        Assert.Throws<ArgumentException>(() => SealedKey.Seal(Secret, new ByteString(offCurve)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("....")]
    [InlineData("e30..AAAAAAAAAAAAAAAA.AA.AA")]
    [InlineData("bnVsbA..AAAAAAAAAAAAAAAA.AA.AA")]
    public void What_is_no_sealed_key_is_refused(string text)
    {
        using var bank = SealingKey.Create();

        Assert.False(SealedKey.TryOpen(text, bank, out _));
    }

    static string Encrypt(string header, SealingKey ephemeral, SealingKey bank)
    {
        Assert.True(ephemeral.TryAgree(bank.PublicKey.Span, out var shared));
        using var aes = new AesGcm(SealedKey.DeriveKey(shared, "A256GCM", "Alice"u8, "Bob"u8, 256), 16);
        var (nonce, ciphertext, tag) = (new byte[12], new byte[32], new byte[16]);
        aes.Encrypt(nonce, Secret, ciphertext, tag, Encoding.ASCII.GetBytes(header));
        return $"{header}..{Base64Url.Encode(nonce)}.{Base64Url.Encode(ciphertext)}.{Base64Url.Encode(tag)}";
    }

    static byte[] Bytes(string text) => Base64Url.TryDecode(text, out var bytes) ? bytes : throw new ArgumentException(text);
}
