using System.Security.Cryptography.X509Certificates;
using Ledger.Client.Devnet;

namespace Ledger.Tests.Devnet;

/// <summary>The certificates of a network on this machine, as somebody checks them who knows only its authority.</summary>
public sealed class LocalAuthorityTests
{
    static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Fact]
    public void What_it_issues_is_good_on_this_machine_in_the_name_that_was_asked_for_and_for_both_sides()
    {
        using var authority = LocalAuthority.Create("devnet", Now);
        var (certificate, key) = authority.Issue("91440300MA1000017E");
        using var issued = X509Certificate2.CreateFromPem(certificate, key);

        Assert.True(IsGood(authority, issued, "1.3.6.1.5.5.7.3.1"));
        Assert.True(IsGood(authority, issued, "1.3.6.1.5.5.7.3.2"));
        Assert.Equal("CN=91440300MA1000017E", issued.Subject);
        Assert.True(issued.MatchesHostname("127.0.0.1"));
        Assert.True(issued.MatchesHostname("localhost"));
        Assert.False(issued.MatchesHostname("ledger.example"));
        Assert.Equal("1.2.840.10045.3.1.7", issued.GetECDsaPublicKey()?.ExportParameters(includePrivateParameters: false).Curve.Oid.Value);
    }

    [Fact]
    public void Neither_another_authority_nor_one_that_was_issued_can_vouch_for_anybody()
    {
        using LocalAuthority authority = LocalAuthority.Create("devnet", Now), other = LocalAuthority.Create("devnet", Now);
        using var foreign = X509Certificate2.CreateFromPem(other.Issue("bank").Certificate);
        Assert.False(IsGood(authority, foreign, "1.3.6.1.5.5.7.3.2"));

        using var issued = X509Certificate2.CreateFromPem(authority.Issue("bank").Certificate);
        Assert.False(issued.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }

    [Fact]
    public void Its_certificates_end_with_it()
    {
        using var authority = LocalAuthority.Create("devnet", Now);
        using X509Certificate2 root = X509Certificate2.CreateFromPem(authority.Certificate), issued = X509Certificate2.CreateFromPem(authority.Issue("bank").Certificate);

        Assert.Equal((root.NotBefore, root.NotAfter), (issued.NotBefore, issued.NotAfter));
        Assert.InRange(issued.NotAfter - issued.NotBefore, TimeSpan.FromDays(80), TimeSpan.FromDays(100));
    }

    static bool IsGood(LocalAuthority authority, X509Certificate2 issued, string use)
    {
        using var root = X509Certificate2.CreateFromPem(authority.Certificate);
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ApplicationPolicy.Add(new(use));
        return chain.Build(issued);
    }
}
