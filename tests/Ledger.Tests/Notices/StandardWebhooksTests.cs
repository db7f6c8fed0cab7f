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
    [InlineData("http://127.0.0.1:9000/", true)]
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
        Assert.Equal(isAllowed, new WebhookTargets(["hooks.bank.example", "127.0.0.1"]).IsAllowed(url, out _));

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
    [InlineData("2001:db8::1", false)]
    public void A_public_name_does_not_lead_into_a_private_network(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, WebhookTargets.IsPrivate(IPAddress.Parse(address)));

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
