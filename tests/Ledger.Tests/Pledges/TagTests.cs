using System.Text;
using Ledger.Client.Documents;
using Ledger.Client.Invoices;
using Ledger.Client.Pledges;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Tests.Pledges;

/// <summary>Tags: equal for equal documents wherever they are made, and made by nobody alone.</summary>
public sealed class TagTests : IDisposable
{
    static readonly PartyId Seller = FictionalUscc.Of("310115", 1), Buyer = FictionalUscc.Of("320500", 2);

    readonly SealingKey[] banks = [.. Enumerable.Range(0, 4).Select(static _ => SealingKey.Create())];
    readonly SigningKey asker = SigningKey.Create(KnownSuites.Sm2);
    readonly PledgeDealing[] dealings;
    readonly PledgeGroup group;
    readonly PledgeShareKey[] shares;

    public TagTests()
    {
        (string, ByteString)[] to = [.. banks.Select(static (bank, at) => ($"bank {at + 1}", bank.PublicKey))];
        dealings = [PledgeDealing.Deal("first", 3, to), PledgeDealing.Deal("second", 3, to)];
        group = PledgeGroup.Of("receivables", dealings, [new("north", "SM2", asker.PublicKey.ToString(), 10)])!;
        shares = [.. banks.Select((bank, at) =>
        {
            Assert.True(dealings[0].Open(at + 1, bank)!.TryAdd(dealings[1].Open(at + 1, bank)!, out var sum));
            return PledgeShareKey.Of(sum);
        })];
    }

    public void Dispose()
    {
        asker.Dispose();
        foreach (var one in banks.Concat<PrivateKey>(shares)) one.Dispose();
    }

    [Fact]
    public void A_document_has_one_name_in_every_consortium_whatever_else_is_attested_of_it()
    {
        var invoice = Opening(DocumentKind.Invoice, "26990000000000000001");
        Assert.Equal("ledger-pledge-v1\ninvoice\n\n26990000000000000001\n", Text(Assert.Single(invoice.PledgeNames())));
        Assert.Equal(invoice.PledgeNames(), Opening(DocumentKind.Invoice, "2699 0000 0000 0000 0001", total: 7, buyer: Seller).PledgeNames());
        Assert.Equal($"ledger-pledge-v1\ncontract\n\nHT-2026-001\n{Seller}\n{Buyer}\n", Text(Assert.Single(Opening(DocumentKind.Contract, "ht-2026-001").PledgeNames())));
        Assert.NotEqual(Opening(DocumentKind.Contract, "HT-1").PledgeNames(), Opening(DocumentKind.Waybill, "HT-1").PledgeNames());

        // On paper it has its digits and those of the form, and whoever knows it by either comes upon the other's tag.
        Assert.True(DocumentOpening.TryCreate(Salt, DocumentKind.Invoice, "", "26990000000000000001", "044002600111 12345678", Seller, Buyer, Currency.Cny, new(1), new(2026, 1, 1), out var paper, out _));
        Assert.Equal([.. invoice.PledgeNames(), .. Opening(DocumentKind.Invoice, "12345678", code: "044002600111").PledgeNames()], paper.PledgeNames());

        static string Text(ByteString name) => Encoding.UTF8.GetString(name.Span);
    }

    [Fact]
    public void Two_registries_with_one_secret_come_to_one_tag_and_it_is_the_hmac_of_the_name()
    {
        byte[] secret = [.. Enumerable.Range(0, 32).Select(static one => (byte)one)];
        var name = Opening(DocumentKind.Invoice, "26990000000000000001").PledgeNames()[0];
        var tag = new SharedTags(secret).TagOf(name);

        // Computed by another program from the same lines; registries keep it.
        Assert.Equal("02cbc82311db55d7f011a2569944f8aadde6d5e06e4a4df2f45873412ba634cc", tag?.ToString());
        Assert.Equal(TagKind.Shared, new SharedTags(secret).Kind);
        Assert.NotEqual(tag, new SharedTags([.. secret.Reverse()]).TagOf(name));
    }

    [Fact]
    public void Any_three_of_four_banks_make_the_same_tags_and_two_make_none()
    {
        ByteString[] names = [.. Opening(DocumentKind.Invoice, "26990000000000000001").PledgeNames(), .. Opening(DocumentKind.Contract, "HT-1").PledgeNames()];
        var (asking, answers) = Asked(names);
        var all = new HashSet<(Hash256?, Hash256?)>();
        foreach (var left in Enumerable.Range(0, 4))
        {
            var made = ThresholdTags.Of(group, asking, [.. answers.Where((_, at) => at != left)], out var faults);
            Assert.NotNull(made);
            Assert.Empty(faults);
            all.Add((made.TagOf(names[0]), made.TagOf(names[1])));
        }

        var (first, second) = Assert.Single(all);
        Assert.NotEqual(first, second);
        Assert.Null(ThresholdTags.Of(group, asking, answers[..2], out _));
        Assert.Null(ThresholdTags.Of(group, asking, answers, out _)!.TagOf(Opening(DocumentKind.Contract, "HT-2").PledgeNames()[0]));

        // Asked again, under other blinds, by whoever may.
        var (again, others) = Asked(names);
        Assert.Equal(first, ThresholdTags.Of(group, again, others, out _)!.TagOf(names[0]));
        Assert.Empty(asking.Blinded().Intersect(again.Blinded()));
    }

    [Fact]
    public void A_false_answer_is_named_and_left_out()
    {
        var (asking, answers) = Asked([.. Opening(DocumentKind.Invoice, "26990000000000000001").PledgeNames()]);
        var good = ThresholdTags.Of(group, asking, answers[1..], out _);
        var (_, elsewhere) = Asked([.. Opening(DocumentKind.Invoice, "26990000000000000002").PledgeNames()]);
        (PledgeAnswer, PledgeFault)[] wrong =
        [
            (answers[0] with { Evaluated = answers[1].Evaluated }, PledgeFault.ProofFalse), (answers[0] with { Proof = answers[1].Proof }, PledgeFault.ProofFalse), (answers[0] with { Proof = "" }, PledgeFault.ProofFalse),
            (answers[0] with { Evaluated = [] }, PledgeFault.ProofFalse), (answers[0] with { Evaluated = ["AAAA"] }, PledgeFault.ProofFalse),
            (answers[1] with { Number = 1 }, PledgeFault.ProofFalse), (answers[0] with { Number = 0 }, PledgeFault.NumberWrong), (answers[0] with { Number = 5 }, PledgeFault.NumberWrong),
            (elsewhere[0], PledgeFault.OtherAsk), (elsewhere[0] with { Ask = asking.Id }, PledgeFault.ProofFalse), (answers[0] with { Group = new('0', 64) }, PledgeFault.OtherKey),
        ];
        foreach (var (answer, fault) in wrong)
        {
            var made = ThresholdTags.Of(group, asking, [answer, .. answers[1..]], out var faults);
            Assert.Equal((0, fault), Assert.Single(faults));
            Assert.Equal(good!.All, made!.All);
        }

        // Twice the same bank is one bank.
        Assert.Null(ThresholdTags.Of(group, asking, [answers[0], answers[0], answers[1]], out var twice));
        Assert.Equal((1, PledgeFault.NumberWrong), Assert.Single(twice));
    }

    [Fact]
    public void An_evaluator_answers_whoever_may_ask_and_signed_it_so()
    {
        var ask = Ask([.. Opening(DocumentKind.Contract, "HT-1").PledgeNames()]).Ask;
        using var stranger = SigningKey.Create(KnownSuites.Sm2);
        Assert.Null(ask.Fault(group));
        Assert.Equal(PledgeFault.AskerUnknown, (ask with { Asker = "south" }).Fault(group));
        Assert.Equal(PledgeFault.OtherKey, ask.Fault(PledgeGroup.Of("receivables", [dealings[0]], group.Askers)!));
        Assert.Equal(PledgeFault.SignatureFalse, PledgeAsk.Of(PledgeAsking.Of(group, [default]), "north", stranger).Fault(group));
        foreach (var changed in (PledgeAsk[])[ask with { Id = PledgeAsking.Of(group, []).Id }, ask with { Elements = [.. ask.Elements, .. ask.Elements] }, ask with { Signature = "" }])
            Assert.Equal(PledgeFault.SignatureFalse, changed.Fault(group));
    }

    [Fact]
    public void A_share_opens_for_its_bank_and_only_if_it_is_what_the_dealer_committed_to()
    {
        Assert.Null(dealings[0].Open(1, banks[1]));
        Assert.Null(dealings[0].Open(2, banks[0]));
        Assert.Null(dealings[0].Open(0, banks[0]));
        Assert.Null(dealings[0].Open(5, banks[0]));
        Assert.Null((dealings[0] with { Commitments = dealings[1].Commitments }).Open(1, banks[0]));
        var swapped = dealings[0] with { Shares = [dealings[1].Shares[0], .. dealings[0].Shares.Skip(1)] };
        Assert.Null(swapped.Open(1, banks[0]));
        Assert.True(group.Key().HasShare(1, shares[0].Share));
        Assert.NotEqual(dealings[0].Commitments[0], group.Commitments[0]);
    }

    [Fact]
    public void What_is_written_is_read_back_and_what_is_malformed_is_not()
    {
        var (asking, answers) = Asked([.. Opening(DocumentKind.Contract, "HT-1").PledgeNames()]);
        var ask = PledgeAsk.Of(asking, "north", asker);
        Assert.True(PledgeDealing.TryRead(dealings[0].Write(), out var dealing) && dealing.Write().AsSpan().SequenceEqual(dealings[0].Write()));
        Assert.True(PledgeGroup.TryRead(group.Write(), out var read) && read.Id() == group.Id());
        Assert.True(PledgeAsk.TryRead(ask.Write(), out var asked) && asked.Fault(group) is null);
        Assert.True(PledgeAnswer.TryRead(answers[0].Write(), out var answer) && answer.Proof == answers[0].Proof);
        Assert.True(PledgeAsking.TryRead(asking.Write(), out var kept) && kept.Blinded().SequenceEqual(asking.Blinded()));

        Assert.False(PledgeGroup.TryRead((group with { Commitments = [] }).Write(), out _));
        Assert.False(PledgeGroup.TryRead((group with { Evaluators = ["one", "two"] }).Write(), out _));
        Assert.False(PledgeGroup.TryRead((group with { Evaluators = ["one", "two", "two"] }).Write(), out _));
        Assert.False(PledgeGroup.TryRead((group with { Askers = [group.Askers[0] with { Suite = "ES256" }] }).Write(), out _));
        Assert.False(PledgeGroup.TryRead((group with { Askers = [group.Askers[0] with { ADay = 0 }] }).Write(), out _));
        Assert.False(PledgeGroup.TryRead((group with { Name = "" }).Write(), out _));
        Assert.False(PledgeDealing.TryRead((dealings[0] with { Shares = [.. dealings[0].Shares.Take(2)] }).Write(), out _));
        Assert.False(PledgeAsk.TryRead((ask with { Elements = [] }).Write(), out _));
        Assert.False(PledgeAsk.TryRead((ask with { Elements = ["AAAA"] }).Write(), out _));
        Assert.False(PledgeAsk.TryRead((ask with { Elements = [.. Enumerable.Repeat(ask.Elements[0], 65)] }).Write(), out _));
        Assert.False(PledgeAsk.TryRead((ask with { Id = "" }).Write(), out _));
        Assert.False(PledgeAsking.TryRead((asking with { Names = [asking.Names[0] with { Blind = "AA" }] }).Write(), out _));
        foreach (var text in (string[])["", "{}", "[]", "null", """{"name":"x","commitments":[null],"evaluators":[null],"askers":[null]}""", """{"name":"x","commitments":[],"shares":[null]}""", """{"group":"","id":"","names":[null]}"""])
        {
            var octets = Encoding.UTF8.GetBytes(text);
            Assert.False(PledgeDealing.TryRead(octets, out _) || PledgeGroup.TryRead(octets, out _) || PledgeAsk.TryRead(octets, out _) || PledgeAnswer.TryRead(octets, out _) || PledgeAsking.TryRead(octets, out _));
        }
    }

    (PledgeAsking Asking, PledgeAsk Ask) Ask(ByteString[] names)
    {
        var asking = PledgeAsking.Of(group, names);
        return (asking, PledgeAsk.Of(asking, "north", asker));
    }

    (PledgeAsking Asking, PledgeAnswer[] Answers) Asked(ByteString[] names)
    {
        var (asking, ask) = Ask(names);
        return (asking, [.. shares.Select((share, at) => ask.Answer(at + 1, share))]);
    }

    static ByteString Salt { get; } = new(new byte[DocumentOpening.SaltSize]);

    static DocumentOpening Opening(DocumentKind kind, string number, string code = "", ulong total = 1, PartyId? buyer = null) =>
        DocumentOpening.TryCreate(Salt, kind, code, number, Seller, buyer ?? Buyer, Currency.Cny, new(total), new(2026, 1, 1), out var opening, out _) ? opening : throw new InvalidOperationException("No opening.");
}
