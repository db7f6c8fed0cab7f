using System.Text.Json;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.World;

namespace Ledger.Tests.Http;

/// <summary>A bill as a node tells it: with the register's two codes, of the package until it is delivered and of each interval from then on.</summary>
public sealed class BillTests : IDisposable
{
    readonly World world = new(Stage.Es256OverHttp, Morning);

    public void Dispose() => world.Dispose();

    [Fact]
    public void A_bill_has_the_registers_codes_as_a_package_and_then_each_interval_has()
    {
        var id = world.New<Instrument>();
        var register = BillStory.Drawing(world, id);
        world.Accepts(C, register);

        var package = Told(id).GetProperty("bill");
        Assert.Equal((register.PackageNumber, C.Text, "CS01/TF0101"), (Text(package, "packageNumber"), Text(package, "acceptor"), Text(package, "billStatus")));
        Assert.False(package.GetProperty("undivided").GetBoolean());
        Assert.False(Told(id).TryGetProperty("outstanding", out _));

        world.Accepts(C, new PresentForAcceptance(world.New<Offer>(), id, world.Tomorrow));
        var deliver = new DeliverBill(world.New<Offer>(), id, world.Tomorrow);
        world.Accepts(C, deliver);
        world.Accepts(A, new AcceptOffer(deliver.Offer));
        world.Accepts(A, world.Trade(id, A, B, 1, 300));

        Assert.False(Told(id).GetProperty("bill").TryGetProperty("billStatus", out _));
        Assert.Equal([("1-300", "CS03/TF0302"), ("301-1000", "CS03/TF0301")], Statuses(Told(id)));
        Assert.Equal("1000", Text(Told(id), "outstanding"));
        Assert.Equal([("1-300", "CS03/TF0302"), ("301-1000", "CS03/TF0301")], Statuses(world.Get($"v1/tokens?holder={A}")));
    }

    [Fact]
    public void A_receivable_has_no_codes_of_the_bill_register()
    {
        var found = Told(world.Certificate(A, 100));

        Assert.False(found.TryGetProperty("bill", out _));
        Assert.False(found.GetProperty("tokens")[0].TryGetProperty("billStatus", out _));
    }

    JsonElement Told(Id<Instrument> id) => world.Get($"v1/instruments/{id}");

    static (string?, string?)[] Statuses(JsonElement found) =>
        [.. found.GetProperty("tokens").EnumerateArray().Select(token => (Text(token, "units"), Text(token, "billStatus")))];

    static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
