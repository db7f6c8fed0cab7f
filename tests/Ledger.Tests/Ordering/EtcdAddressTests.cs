using Ledger.Node.Ordering.Etcd;

namespace Ledger.Tests.Ordering;

public sealed class EtcdAddressTests
{
    [Theory]
    [InlineData("https://10.0.0.1:2379", true)]
    [InlineData("https://m1.example:2379,https://m2.example:2379/", true)]
    [InlineData("http://127.0.0.1:2379,http://[::1]:2379", true)]
    [InlineData("http://localhost:2379", true)]
    [InlineData("http://10.0.0.1:2379", false)]
    [InlineData("http://localhost.example:2379", false)]
    [InlineData("https://10.0.0.1:2379,http://127.0.0.1:2379", false)]
    [InlineData("https://10.0.0.1:2379/v3", false)]
    [InlineData("https://user:word@10.0.0.1:2379", false)]
    [InlineData("10.0.0.1:2379", false)]
    [InlineData("https://10.0.0.1:2379,", false)]
    [InlineData("", false)]
    public void Beyond_the_machine_members_are_spoken_to_under_TLS_only(string text, bool isGood) => Assert.Equal(isGood, EtcdAddress.ParseMembers(text) is not null);

    [Fact]
    public void Members_under_TLS_need_certificates_that_can_be_read()
    {
        var members = EtcdAddress.ParseMembers("https://10.0.0.1:2379") ?? [];

        Assert.Contains("etcd-ca", new EtcdAddress(members, null, null, null).Problem()?.English, StringComparison.Ordinal);
        Assert.Contains("no.pem", new EtcdAddress(members, "no.pem", "no.pem", "no.key").Problem()?.English, StringComparison.Ordinal);
        Assert.Null(new EtcdAddress(EtcdAddress.ParseMembers("http://127.0.0.1:2379") ?? [], null, null, null).Problem());
    }
}
