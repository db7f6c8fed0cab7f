using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Documents;

/// <summary>A document is registered once, by a bank that saw it and with its seller's word; what it backs is counted and never forgotten.</summary>
public class DocumentTests
{
    [Fact]
    public void A_bank_and_the_seller_register_a_document_together()
    {
        using var world = new World();
        var attestation = world.Attestation(DocumentKind.Invoice, "25442000000000000001", A, C, 100);

        world.Refuses(Refusal.AttesterIsNotBank, A, attestation);
        world.Refuses(Refusal.SellerDidNotSign, X, attestation);
        world.Refuses(Refusal.SellerDidNotSign, X, attestation, Key(C));
        world.Accepts(X, attestation, Key(A));
        var document = world.Document(attestation.Document);
        Assert.Equal((X, world.State.Now, new Amount(100), Amount.Zero), (document.Attester, document.AttestedAt, document.Available, document.Taken));
    }

    [Fact]
    public void A_sellers_agent_signs_for_it_while_its_mandate_lasts()
    {
        using var world = new World();
        AttestDocument Paper(string number) => world.Attestation(DocumentKind.Invoice, number, A, C, 100);
        var mandate = world.Granted(A, Y, 1, "offer.accept");

        world.Accepts(X, Paper("A1"), Key(Y));

        // The attester is no agent of the seller in its own attestation: two saw the paper.
        world.Refuses(Refusal.SellerDidNotSign, Y, Paper("A2"));
        world.Refuses(Refusal.SellerDidNotSign, X, Paper("A3"), Key(B));
        world.Until(mandate.Expires);
        world.Refuses(Refusal.SellerDidNotSign, X, Paper("A4"), Key(Y));
    }

    [Fact]
    public void The_same_number_is_found_whatever_else_is_told_of_it()
    {
        using var world = new World();
        var first = world.Attestation(DocumentKind.Invoice, "25442000000000000001", A, C, 100);
        world.Accepts(X, first, Key(A));
        AttestDocument Again() => world.Attestation(DocumentKind.Invoice, "25442000000000000001", A, C, 100);

        Assert.Equal(first.Document.ToString(), world.Refuses(Refusal.DocumentAlreadyRegistered, Y, Again(), Key(A)).Facts.Reference);
        world.Refuses(Refusal.DocumentContradicts, Y, Again() with { Total = new(1) }, Key(A));
        world.Refuses(Refusal.DocumentContradicts, Y, Again() with { Buyer = B }, Key(A));
        world.Refuses(Refusal.DocumentContradicts, Y, Again() with { Seller = B }, Key(B));
        var contradiction = world.Refuses(Refusal.DocumentContradicts, Y, Again() with { Date = Date("2026-01-01") }, Key(A));
        Assert.Equal(world.Document(first.Document).AttestedAt, contradiction.Facts.Conflict?.Since);
    }

    [Fact]
    public void Another_spelling_of_the_scheme_does_not_hide_a_number()
    {
        using var world = new World();
        var first = world.Attestation(DocumentKind.Invoice, "25442000000000000001", A, C, 100);
        world.Accepts(X, first, Key(A));

        foreach (var scheme in new[] { "Invoice", "invoices", "contract", "" })
        {
            world.Refuses(
                Refusal.FingerprintsIncomplete, X,
                first with { Document = world.New<Document>(), Fingerprints = [first.Fingerprints[0] with { Scheme = scheme }] }, Key(A));
            world.Refuses(
                Refusal.FingerprintsIncomplete, X,
                first with { Document = world.New<Document>(), Skeletons = [first.Skeletons[0] with { Scheme = scheme.ToLowerInvariant() }] }, Key(A));
        }
    }

    [Fact]
    public void A_digital_invoice_on_paper_is_one_document_under_either_of_its_numbers()
    {
        const string digits = "26440000000012345678", code = "4403261130", form = "12345678";
        foreach (var first in new[] { 0, 1, 2 })
        {
            using var world = new World();
            AttestDocument Told(int how) => how switch
            {
                0 => world.Attestation(DocumentKind.Invoice, digits, A, C, 1_000),
                1 => world.Attestation(DocumentKind.Invoice, form, A, C, 1_000, code: code),
                _ => world.Attestation(DocumentKind.Invoice, digits, A, C, 1_000, paper: code + form),
            };
            world.Accepts(X, Told(first), Key(A));

            foreach (var again in new[] { 0, 1, 2 })
            {
                // Who tells both numbers is found under either; that two tell one each, no number says.
                if (first + again == 1) continue;
                world.Refuses(Refusal.DocumentAlreadyRegistered, Y, Told(again), Key(A));
            }
        }
    }

    [Fact]
    public void Only_an_invoice_has_two_fingerprints_for_an_epoch_and_they_differ()
    {
        using var world = new World();
        world.OpenEpoch();
        var two = world.Attestation(DocumentKind.Invoice, "26440000000012345678", A, C, 1_000, paper: "440326113012345678");
        var (one, other) = (two.Fingerprints, two.Skeletons);
        Assert.Equal((4, 4), (one.Count, other.Count));

        world.Refuses(Refusal.FingerprintsIncomplete, X, two with { Fingerprints = [one[0], one[0], one[2], one[3]] }, Key(A));
        world.Refuses(Refusal.FingerprintsIncomplete, X, two with { Fingerprints = [one[0], one[2], one[1], one[3]] }, Key(A));
        world.Refuses(Refusal.FingerprintsIncomplete, X, two with { Fingerprints = [.. one, one[3]] }, Key(A));
        world.Refuses(Refusal.FingerprintsIncomplete, X, two with { Skeletons = [other[0], other[2]] }, Key(A));
        world.Refuses(Refusal.FingerprintsIncomplete, X, two with { Fingerprints = [one[0], one[2]] }, Key(A));
        var contract = two with { DocumentKind = DocumentKind.Contract, Fingerprints = [.. one.Select(mark => mark with { Scheme = "contract" })] };
        world.Refuses(Refusal.FingerprintsIncomplete, X, contract, Key(A));
        world.Accepts(X, two, Key(A));
    }

    [Fact]
    public void Nothing_rests_on_the_amount_of_a_waybill_or_of_what_else_comes_with_a_delivery()
    {
        using var world = new World();
        var note = world.Certificate(A, 1_000);
        foreach (var kind in new[] { DocumentKind.Waybill, DocumentKind.WarehouseReceipt, DocumentKind.CustomsDeclaration })
        {
            var ofA = new DocumentUse(world.Attested(Y, world.Attestation(kind, $"{kind} 1", A, C, 1_000)), new(1_000));
            var ofB = new DocumentUse(world.Attested(Y, world.Attestation(kind, $"{kind} 2", B, A, 1_000)), new(1_000));
            Operation pledge = new PledgeDocuments(world.New<Offer>(), Y, Currency.Cny, new(1_000), [ofA], world.Tomorrow);
            foreach (var (by, operation) in new[] { (C, world.Issuing(A, 1_000, ofA)), (A, world.Moving(note, B, TransferCause.Trade, 1, 1_000) with { Documents = [ofB] }), (A, pledge) })
            {
                var refused = world.Refuses(Refusal.DocumentIsEvidence, by, operation);
                Assert.Null(world.State.Attempts(by, world.State.Today));
                Assert.NotNull(refused.Facts.Reference);
            }
        }
    }

    [Fact]
    public void A_document_has_a_fingerprint_for_every_epoch_in_order_and_no_other()
    {
        using var world = new World();
        world.OpenEpoch();
        var attestation = world.Attestation(DocumentKind.Invoice, "A1", A, C, 100);
        var (first, second) = (attestation.Fingerprints[0], attestation.Fingerprints[1]);

        foreach (var incomplete in new ValueList<Fingerprint>[] { [], [first], [second], [second, first], [first, first], [first, second, second with { Epoch = 3 }] })
        {
            world.Refuses(Refusal.FingerprintsIncomplete, X, attestation with { Fingerprints = incomplete }, Key(A));
            world.Refuses(
                Refusal.FingerprintsIncomplete, X, attestation with { Skeletons = [.. incomplete.Select(one => one with { Scheme = Fingerprint.SkeletonScheme })] }, Key(A));
        }

        world.Accepts(X, attestation, Key(A));
    }

    [Fact]
    public void A_document_of_an_old_epoch_is_still_found_in_a_new_one()
    {
        using var world = new World();
        world.Attested(X, world.Attestation(DocumentKind.Contract, "HT-2026-1", A, C, 100));
        world.OpenEpoch();
        world.OpenEpoch();

        world.Refuses(Refusal.DocumentAlreadyRegistered, Y, world.Attestation(DocumentKind.Contract, "HT-2026-1", A, C, 100), Key(A));
        world.Accepts(Y, world.Attestation(DocumentKind.Contract, "HT-2026-2", A, C, 100), Key(A));
    }

    [Fact]
    public void Red_letters_lower_what_is_available_and_never_go_below_nothing()
    {
        using var world = new World();
        var document = world.Invoice(A, C, 100);
        AttestRedLetter Red(ulong amount) => world.RedLetter(document, amount);

        world.Refuses(Refusal.AttesterIsNotBank, A, Red(1));
        world.Refuses(Refusal.AmountZero, X, Red(0));
        Assert.Equal(new Amount(100), world.Refuses(Refusal.RedLetterTooLarge, X, Red(101)).Facts.Available);
        Assert.DoesNotContain(world.Accepts(Y, Red(60)).Events, happened => happened is DocumentOverused);
        Assert.Equal(new Amount(40), world.Refuses(Refusal.RedLetterTooLarge, X, Red(41)).Facts.Available);
        Assert.Equal((new Amount(100), new Amount(40)), (world.Document(document).Total, world.Document(document).Available));
    }

    [Fact]
    public void A_red_letter_counts_once_whichever_banks_saw_it()
    {
        using var world = new World();
        var document = world.Invoice(A, C, 100);
        var red = world.RedLetter(document, 30, "26990000000000000777");

        world.Refuses(Refusal.FingerprintsIncomplete, X, red with { Fingerprints = [] });
        world.Accepts(X, red);
        Assert.Equal(document.ToString(), world.Refuses(Refusal.DocumentAlreadyRegistered, Y, world.RedLetter(document, 30, "26990000000000000777")).Facts.Reference);

        // Nor is its number another document's.
        world.Refuses(Refusal.DocumentContradicts, X, world.Attestation(DocumentKind.Invoice, "26990000000000000777", A, C, 30), Key(A));
        Assert.Equal(new Amount(70), world.Document(document).Available);
    }

    [Fact]
    public void A_red_letter_between_offer_and_acceptance_leaves_the_offer_without_its_background()
    {
        using var world = new World();
        var document = world.Invoice(A, C, 100);
        var issue = world.Issuing(A, 100, new DocumentUse(document, new(100)));
        world.Accepts(C, issue);
        world.Accepts(X, world.RedLetter(document, 1));

        world.Refuses(Refusal.DocumentNoLongerCovers, A, new AcceptOffer(issue.Offer));
        world.Accepts(C, new WithdrawOffer(issue.Offer));

        Assert.Equal((Amount.Zero, new Amount(99), new Amount(99)),
            (world.Document(document).Used, world.Document(document).NetTotal, world.Document(document).Available));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_released_pledge_frees_its_documents_unless_the_debt_was_paid(bool debtWasPaid)
    {
        using var world = new World();
        var document = world.Invoice(A, C, 100);
        var pledge = new PledgeDocuments(world.New<Offer>(), Y, Currency.Cny, new(100), [new(document, new(100))], world.Tomorrow);
        world.Accepts(A, pledge);
        world.Refuses(Refusal.PledgeNotFound, Y, new ReleasePledge(pledge.Offer, debtWasPaid));
        world.Accepts(Y, new AcceptOffer(pledge.Offer));
        Assert.Equal([Y], world.Document(document).Reliant);
        world.Refuses(Refusal.NotThePledgee, A, new ReleasePledge(pledge.Offer, debtWasPaid));
        world.Refuses(Refusal.NotThePledgee, X, new ReleasePledge(pledge.Offer, debtWasPaid));

        world.Accepts(Y, new ReleasePledge(pledge.Offer, debtWasPaid));

        Assert.Equal(debtWasPaid ? new Amount(100) : Amount.Zero, world.Document(document).Used);
        world.Refuses(Refusal.PledgeReleased, Y, new ReleasePledge(pledge.Offer, debtWasPaid));
    }

    [Fact]
    public void An_act_cites_documents_between_its_parties_each_once_and_to_the_fen()
    {
        using var world = new World();
        var note = world.Certificate(A, 100);
        var trade = world.Trade(note, A, B, 1, 50);
        DocumentUse Use(PartyId seller, PartyId buyer, ulong amount) => new(world.Invoice(seller, buyer, amount), new(amount));
        var half = Use(B, A, 25);

        world.Refuses(Refusal.DocumentsDoNotCover, A, trade with { Documents = [] });
        world.Refuses(Refusal.DocumentsDoNotCover, A, trade with { Documents = [half] });
        world.Refuses(Refusal.DocumentsDoNotCover, A, trade with { Documents = [half, Use(B, A, 26)] });
        world.Refuses(Refusal.DocumentCitedTwice, A, trade with { Documents = [half, half] });
        world.Refuses(Refusal.DocumentPartiesDiffer, A, trade with { Documents = [Use(A, B, 50)] });
        world.Refuses(Refusal.DocumentPartiesDiffer, A, trade with { Documents = [Use(B, C, 50)] });
        world.Refuses(Refusal.AmountZero, A, trade with { Documents = [half with { Amount = Amount.Zero }] });
        world.Refuses(Refusal.DocumentNotFound, A, trade with { Documents = [new(new(5), new(50))] });
        world.Accepts(A, trade with { Documents = [half, Use(B, A, 25)] });
    }
}
