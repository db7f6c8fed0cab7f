using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Views;
using Ledger.Tests.Replay;
using static Ledger.Tests.Replay.DemoChain;

namespace Ledger.Tests.Views;

/// <summary>Whatever somebody has in hand, the search knows what it is and says why.</summary>
public sealed class SearchTests : IDisposable
{
    readonly DemoChain chain = WithMembers();
    readonly LedgerViews views;
    readonly Id<Instrument> instrument = Named<Instrument>(1_001);
    readonly Id<Offer> issue = Named<Offer>(2_001);
    readonly Id<Document> invoice = Named<Document>(3_001);

    public SearchTests()
    {
        chain.Accept(chain.Attest(invoice, Supplier, Obligor, 500), chain.Issue(instrument, issue, invoice, 500));
        views = TestViews.Open(chain.Genesis);
        views.Follow(height => height < (ulong)chain.Blocks.Count ? chain.Blocks[(int)height] : null, chain.Fold.Last.Header.Height);
        views.ReachForSure(chain.Fold.Last.Header.Height);
    }

    public void Dispose()
    {
        views.Dispose();
        chain.Dispose();
    }

    [Fact]
    public void Every_identifier_is_found_under_its_type_and_with_its_reason()
    {
        var block = chain.Blocks[2];
        var suite = chain.Genesis.Chain.Suite;
        var transaction = Core.Wire.TransactionText.Read(block.Entries[1].Transaction.Memory, suite, chain.Genesis.Chain.ChainId, out _)!;
        var leaf = block.FirstLeaf + 2;
        (string Typed, string Type, string Key, string Why)[] table =
        [
            ("2", "block", "2", "height"),
            ($"{leaf}", "entry", $"{leaf}", "leaf"),
            ($"{block.Header.LeafHash(suite)}", "block", "2", "headerHash"),
            ($"{block.Header.LeafHash(suite)}".ToUpperInvariant(), "block", "2", "headerHash"),
            ($"{transaction.PayloadHash}", "entry", $"{leaf}", "payloadHash"),
            ($"{transaction.Hash}", "entry", $"{leaf}", "transactionHash"),
            ($"{transaction.Body.Id}", "entry", $"{leaf}", "transactionId"),
            ($" {instrument} ", "instrument", $"{instrument}", "id"),
            ($"{issue}", "offer", $"{issue}", "id"),
            ($"{invoice}", "document", $"{invoice}", "id"),
            (Supplier.Text, "party", Supplier.Text, "uscc"),
            ($"{Supplier.Text[..4]} {Supplier.Text[4..10]} {Supplier.Text[10..].ToLowerInvariant()}", "party", Supplier.Text, "uscc"),
            ($"{Supplier}#1", "key", $"{Supplier}#1", "key"),
            ($"company {Supplier}", "party", Supplier.Text, "name"),
            ("COMPANY", "party", Obligor.Text, "name"),
            ("om", "party", Obligor.Text, "name"),
        ];

        foreach (var (typed, type, key, why) in table)
        {
            Assert.True(
                views.Search(typed).Any(hit => (hit.Type, hit.Key, hit.Why) == (type, key, why)),
                $"{typed}: {string.Join("; ", views.Search(typed))}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\"")]
    [InlineData("' OR 1=1 --")]
    [InlineData("AND OR NOT *")]
    [InlineData("999999999999999999999999")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void What_stands_for_nothing_finds_nothing(string typed) => Assert.Empty(views.Search(typed));

    [Fact]
    public void A_documents_number_is_found_only_by_who_can_make_its_fingerprint()
    {
        Assert.Empty(views.Search("24312000000012345678"));
        var hit = Assert.Single(views.Search("24312000000012345678", null, _ => [new("invoice", 1, new(2, invoice.Value))]));
        Assert.Equal(("document", $"{invoice}", "documentNumber"), (hit.Type, hit.Key, hit.Why));
    }

    [Fact]
    public void What_came_later_is_not_found_at_an_earlier_height() => Assert.Empty(views.Search($"{instrument}", 1));

    [Fact]
    public void Bills_are_found_by_package_number_with_and_without_an_interval()
    {
        using var story = new Rules.Bills.BillStory().Issue();
        using var bills = TestViews.Of(story.World);
        var bill = story.State.AllInstruments.Single(one => one.Bill is not null);
        var number = bill.Bill!.PackageNumber;

        Assert.Equal(("instrument", $"{bill.Id}", "packageNumber"), Of(bills.Search(number).Single()));
        Assert.Equal(("instrument", $"{bill.Id}", "packageNumber"), Of(bills.Search($"{number[..5]} {number[5..]}").Single()));
        Assert.Equal(("token", $"{bill.Id}:1-100", "packageNumberAndInterval"), Of(bills.Search($"{number}-1-100").Single()));

        static (string, string, string) Of(Hit hit) => (hit.Type, hit.Key, hit.Why);
    }
}
