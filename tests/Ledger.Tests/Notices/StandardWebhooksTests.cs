using System.Net;
using System.Text;
using Ledger.Node.Notices;

namespace Ledger.Tests.Notices;

public sealed class StandardWebhooksTests
{
    [Fact]
    public void A_signature_is_the_one_of_the_standards_own_example() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Sign(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, Encoding.UTF8.GetBytes("""{"test": 2432232314}""")));

    [Fact]
    public void While_a_secret_is_being_replaced_both_sign()
    {
        string[] secrets = [WebhookSignature.NewSecret(), WebhookSignature.NewSecret()];

        var both = WebhookSignature.Sign(secrets, "id", 1, "{}"u8);

        Assert.Equal($"{WebhookSignature.Sign(secrets[..1], "id", 1, "{}"u8)} {WebhookSignature.Sign(secrets[1..], "id", 1, "{}"u8)}", both);
    }

    [Fact]
    public void A_secret_has_as_many_octets_as_the_standard_allows()
    {
        var secret = WebhookSignature.NewSecret();

        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.InRange(Convert.FromBase64String(secret[6..]).Length, 24, 64);
        Assert.NotEqual(secret, WebhookSignature.NewSecret());
    }

    [Theory]
    [InlineData("https://hooks.bank.example/ledger", true)]
    [InlineData("https://HOOKS.bank.example:8443/ledger?x=1", true)]
    [InlineData("https://hooks.bank.example:443/ledger", true)]
    [InlineData("https://hooks.bank.example:22/ledger", false)]
    [InlineData("http://127.0.0.1:9000/", true)]
    [InlineData("http://127.0.0.1/", false)]
    [InlineData("http://127.0.0.1:9001/", false)]
    [InlineData("http://[::1]:9000/", true)]
    [InlineData("http://[::1]/", false)]
    [InlineData("https://[2400:cb00::1]/", true)]
    [InlineData("https://[2400:cb00::1]:8443/", false)]
    [InlineData("http://hooks.bank.example/ledger", false)]
    [InlineData("https://other.example/", false)]
    [InlineData("https://hooks.bank.example.evil.example/", false)]
    [InlineData("https://user:secret@hooks.bank.example/", false)]
    [InlineData("https://hooks.bank.example/#fragment", false)]
    [InlineData("https://127.0.0.2/", false)]
    [InlineData("http://localhost/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("ftp://hooks.bank.example/", false)]
    [InlineData("/relative", false)]
    [InlineData("", false)]
    public void A_node_calls_only_hosts_that_its_operator_named(string url, bool isAllowed) =>
        Assert.Equal(isAllowed, new WebhookTargets(["hooks.bank.example", "hooks.bank.example:8443", "127.0.0.1:9000", "[::1]:9000", "2400:cb00::1"]).IsAllowed(url, out _));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("224.0.0.1", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    [InlineData("::", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("64:ff9b::10.0.0.1", true)]
    [InlineData("64:ff9b:1::10.0.0.1", true)]
    [InlineData("2002:a00:1::1", true)]
    [InlineData("2001:0:a00:1::1", true)]
    [InlineData("::10.0.0.1", true)]
    [InlineData("::ffff:0:10.0.0.1", true)]
    [InlineData("100::1", true)]
    [InlineData("5f00::1", true)]
    [InlineData("fec0::1", true)]
    [InlineData("ff02::1", true)]
    [InlineData("3fff::1", true)]
    [InlineData("192.0.0.8", true)]
    [InlineData("192.0.2.1", true)]
    [InlineData("192.88.99.1", true)]
    [InlineData("198.18.0.1", true)]
    [InlineData("198.19.255.255", true)]
    [InlineData("198.20.0.1", false)]
    [InlineData("198.51.100.1", true)]
    [InlineData("203.0.113.1", true)]
    [InlineData("240.0.0.1", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("2400:cb00::1", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    public void A_public_name_does_not_lead_where_nobody_on_the_internet_is(string address, bool isSpecial) =>
        Assert.Equal(isSpecial, SpecialAddresses.Has(IPAddress.Parse(address)));

    [Fact]
    public void A_delivery_is_tried_for_about_three_days_ever_more_slowly()
    {
        var waits = Enumerable.Range(1, 20).Select(failures => RetrySchedule.Wait(failures, 0.5)).TakeWhile(wait => wait is not null).Select(wait => wait ?? default).ToArray();

        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait).TotalDays, 2.5, 4);
        Assert.NotEqual(RetrySchedule.Wait(3, 0), RetrySchedule.Wait(3, 1));
    }

    [Theory]
    [InlineData("7.0", true)]
    [InlineData("18446744073709551615.4294967295", true)]
    [InlineData("07.0", false)]
    [InlineData("7", false)]
    [InlineData("7.", false)]
    [InlineData("7.0.0", false)]
    [InlineData("-7.0", false)]
    [InlineData("7.+1", false)]
    [InlineData(" 7.0", false)]
    [InlineData("18446744073709551616.0", false)]
    public void A_place_among_the_notices_has_one_spelling(string text, bool isOne)
    {
        Assert.Equal(isOne, NoticeId.TryParse(text, out var id));
        if (isOne) Assert.Equal(text, id.ToString());
    }
}
