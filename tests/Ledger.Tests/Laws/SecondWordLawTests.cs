using System.Text.RegularExpressions;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Rules.Bills;
using static Ledger.Tests.Lending;
using static Ledger.Tests.World;

namespace Ledger.Tests.Laws;

/// <summary>
/// Wherever an act takes a second word, that of an affiliate is none. Each verb that asks who is independent is told here with two words that do, and again when
/// the second is of the first one's group.
/// </summary>
public class SecondWordLawTests
{
    static readonly Hash256 Paper = new(7, 7);

    /// <summary>An act that is taken on these signatures, unless <paramref name="Second"/> belongs to <paramref name="First"/>.</summary>
    sealed record Case(World World, PartyId By, Operation Operation, KeyId[] With, PartyId First, PartyId Second, Refusal Refusal);

    static readonly (Type Verb, Func<Case> Tell)[] Cases =
    [
        (typeof(RegisterParty), () => In(new(), w => new(w, Y, w.Registration(Stranger, "平台", Roles.Platform, SizeClass.Small), [Key(Stranger), Key(Z)], Y, Z, Refusal.SecondBankMissing))),
        (typeof(FileAccount), () => In(new(), w => new(w, X, new FileAccount(Paper), [Key(Y)], X, Y, Refusal.SecondBankMissing))),
        (typeof(RotateKey), () => In(new(), w => new(w, X, new RotateKey(A, 0, w.NewKey(Key(A, 2))), [Key(Z)], X, Z, Refusal.RotationNotAuthorised))),
        (typeof(RotateKey), () => In(new(), w => new(w, X, new RotateKey(A, 0, w.NewKey(Key(A, 2))), [Key(Z)], Z, A, Refusal.RotationNotAuthorised))),
        (typeof(Recover), () => In(new(), w => After(new(w, X, new Recover(A, [1], [w.NewKey(Key(A, 2))]), [Key(Z)], X, Z, Refusal.RecoveryNotAuthorised), () => w.Accepts(X, new ReportLost(A))))),
        (typeof(AttestDocument), () => In(new(), w => new(w, X, Alike(w), [Key(A), Key(Z)], X, Z, Refusal.DistinctionNeedsSecondBank))),
        (typeof(AttestDocument), () => In(new(), w => new(w, Y, Alike(w), [Key(A), Key(Z)], X, Z, Refusal.DistinctionNeedsSecondBank))),
        (typeof(AttestRedLetter), () => In(new(), w => new(w, X, AlikeLetter(w), [Key(Z)], Z, C, Refusal.DistinctionNeedsSecondBank))),
        (typeof(ApproveFinancing), () => In(new World().Lends(), w => new(w, X, w.Approving(Applied(w)), [Key(P)], X, P, Refusal.ReviewerIsNotIndependent))),
        (typeof(ApproveFinancing), () => In(new World().Lends(), w => new(w, X, w.Approving(Applied(w)), [Key(P)], C, P, Refusal.ReviewerIsNotIndependent))),
        (typeof(AttestPledge), () => In(new World().Lends(), w => new(w, X, w.Reserved(Applied(w)), [Key(W)], X, W, Refusal.PledgeSecondBankMissing))),
        (typeof(AttestPledge), () => In(new World().Lends(), w => new(w, X, w.Reserved(Applied(w)), [Key(W)], C, W, Refusal.PledgeSecondBankMissing))),
        (typeof(AttestPledge), () => In(new World().Lends(), w => new(w, X, w.Reserved(Applied(w)), [Key(W)], A, W, Refusal.PledgeSecondBankMissing))),
        (typeof(CorrectFinancing), () => In(new World().Lends(), w => new(w, X, new CorrectFinancing(PaidOut(w), P), [Key(A), Key(P)], P, A, Refusal.ReviewerIsNotIndependent))),
        (typeof(CorrectTransfer), () => In(new(), w => new(w, B, new CorrectTransfer(Traded(w), Z), [Key(A), Key(Z)], B, Z, Refusal.CorrectionNotReviewed))),
        (typeof(CorrectTransfer), () => In(new(), w => new(w, B, new CorrectTransfer(Traded(w), Z), [Key(A), Key(Z)], X, Z, Refusal.CorrectionNotReviewed))),
        (typeof(ReconcileBill), Reconciled),
        (typeof(FreezeUnits), () => In(new(), w => new(w, Y, w.Freezing(w.Certificate(A, 100), 1, 1) with { LastDay = w.State.Today.AddDays(90) }, [Key(Z)], Y, Z, Refusal.FreezeNeedsSecond))),
        (typeof(ExtendFreeze), () => In(new(), w => new(w, Y, new ExtendFreeze(Frozen(w), w.State.Today.AddDays(90), Paper), [Key(Z)], Y, Z, Refusal.FreezeNeedsSecond))),
        (typeof(Transfer), () => In(new(), w => new(w, Y, w.Taking(w.Certificate(A, 100), A, B, TransferCause.Court, 1, 1), [Key(Z)], Y, Z, Refusal.TwoInstitutionsMissing))),
        (typeof(Transfer), () => In(new(), w => new(w, Y, w.Taking(w.Certificate(A, 100), A, B, TransferCause.Succession, 1, 1), [Key(Z)], B, Z, Refusal.TwoInstitutionsMissing))),
        (typeof(Transfer), () => In(new(), w => new(w, Y, w.Taking(w.Certificate(A, 100), A, B, TransferCause.Court, 1, 1), [Key(Z)], X, Z, Refusal.TwoInstitutionsMissing))),
        (typeof(Transfer), () => In(new World().Lends(), w => new(w, X, w.Taking(Pledged(w), A, D, TransferCause.Realisation, 1, 1_000), [Key(Z), Key(W)], X, Z, Refusal.RealisationNotAuthorised))),
        (typeof(ClaimCosts), () => In(new(), w => new(w, A, new ClaimCosts(Overdue(w), new(1, 1), new(1), Paper), [Key(Y), Key(Z)], Y, Z, Refusal.CostsNotAcknowledged))),
        (typeof(DeclareInsolvent), () => In(new(), w => new(w, Y, w.Insolvency(C), [Key(Z)], Y, Z, Refusal.TwoInstitutionsMissing))),
        (typeof(DeclareSolvent), () => In(Insolvent(), w => new(w, Z, new DeclareSolvent(w.New<Measure>(), C, Paper), [Key(W)], C, W, Refusal.TwoInstitutionsMissing))),
        (typeof(DecideMeasure), () => In(new(), w => new(w, W, new DecideMeasure(Contested(w), Upheld: true, Paper), [], Z, W, Refusal.DeciderIsNotIndependent))),
        (typeof(DecideMeasure), () => In(new(), w => new(w, W, new DecideMeasure(Contested(w), Upheld: false, Paper), [], A, W, Refusal.DeciderIsNotIndependent))),
        (typeof(DeclareControl), () => In(new(), w => new(w, Y, new DeclareControl(A, C, Paper), [Key(Z)], Y, Z, Refusal.TwoInstitutionsMissing))),
        (typeof(DeclareControl), () => In(new(), w => After(new(w, Y, new DeclareControl(A, null, Paper), [Key(Z)], C, Z, Refusal.TwoInstitutionsMissing), () => w.Accepts(W, new DeclareControl(A, C, Paper), Key(Y))))),
    ];

    public static TheoryData<int, string> All { get; } = [.. Cases.Index().Select(one => (one.Index, one.Item.Verb.Name))];

    [Theory]
    [MemberData(nameof(All))]
    public void The_word_of_an_affiliate_is_no_second_word(int number, string verb)
    {
        Assert.Equal(Cases[number].Verb.Name, verb);
        var taken = Cases[number].Tell();
        using (taken.World) taken.World.Accepts(taken.By, taken.Operation, taken.With);

        var refused = Cases[number].Tell();
        using var world = refused.World;
        world.Accepts(refused.Second, new DeclareControl(refused.Second, refused.First, Paper));
        world.Refuses(refused.Refusal, refused.By, refused.Operation, refused.With);
    }

    /// <summary>Both may belong to one that is no party, and one that was sold still belongs to its group.</summary>
    [Theory]
    [InlineData(364, false)]
    [InlineData(365, true)]
    public void Whoever_left_a_group_is_free_of_it_when_the_period_is_over(int days, bool isFree)
    {
        using var world = new World();
        var parent = Ledger.Client.Invoices.FictionalUscc.Of("440300", 70);
        foreach (var bank in new[] { Y, Z }) world.Accepts(bank, new DeclareControl(bank, parent, Paper));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, world.Insolvency(C), Key(Z));
        world.Accepts(X, new DeclareControl(Z, null, Paper), Key(W));
        world.Refuses(Refusal.TwoInstitutionsMissing, Y, world.Insolvency(C), Key(Z));

        world.Pass(days * Timestamp.Day);
        Assert.Equal(isFree ? Refusal.None : Refusal.TwoInstitutionsMissing, world.Submit(Y, world.Insolvency(C), Key(Z)).Code);
    }

    /// <summary>A verb that asks who is independent has its story here.</summary>
    [Fact]
    public void Every_verb_that_asks_for_a_second_word_is_told_of()
    {
        var asks = new Regex("AreIndependent|AreAllIndependent|IsIndependentOf|TwoInstitutions|SecondInstitution|HasSecondBank|IsSignedByTwoBanks|JudgeReviewer|IsApart|HasReviewed|IsThird|WordsFor|WhyNotDistinct|JudgeActor");
        var verb = new Regex(@"public sealed record (\w+)\((?:[^;{]*?)\) : Operation<");
        var asking = Directory.GetFiles(Path.Combine(Repository.Root(), "ledger-node", "Ledger.Core", "Rules"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText).Where(text => asks.IsMatch(text)).SelectMany(text => verb.Matches(text).Select(found => found.Groups[1].Value));

        Assert.Equal(Cases.Select(one => one.Verb.Name).Distinct().Order(StringComparer.Ordinal), asking.Order(StringComparer.Ordinal));
    }

    static Case In(World world, Func<World, Case> tell) => tell(world);

    static Case After(Case told, Action before)
    {
        before();
        return told;
    }

    static AttestDocument Alike(World world) =>
        world.Attestation(DocumentKind.Invoice, "A1", A, C, 100) with { DistinctFrom = [world.Attested(X, world.Attestation(DocumentKind.Invoice, "A-1", A, C, 100))] };

    static AttestRedLetter AlikeLetter(World world)
    {
        var invoice = world.Attested(X, world.Attestation(DocumentKind.Invoice, "A-1", A, C, 100));
        return world.RedLetter(invoice, 10, "A1") with { DistinctFrom = [invoice] };
    }

    static Id<Financing> Applied(World world)
    {
        var apply = world.Applying(world.Certificate(A, 1_000), FinancingForm.PledgeLoan, 1, 1_000);
        world.Accepts(A, apply);
        world.IsClear(apply.Financing);
        return apply.Financing;
    }

    static Id<Financing> PaidOut(World world) => world.Financed(A, world.Applying(world.Certificate(A, 1_000), FinancingForm.PledgeLoan, 1, 1_000));

    static Id<Instrument> Pledged(World world)
    {
        var note = world.Certificate(A, 1_000);
        world.Financed(A, world.Applying(note, FinancingForm.PledgeLoan, 1, 1_000));
        return note;
    }

    static Id<Offer> Traded(World world)
    {
        var trade = world.Trade(world.Certificate(A, 100), A, B, 1, 100);
        world.Accepts(A, trade);
        world.Accepts(B, new AcceptOffer(trade.Offer));
        return trade.Offer;
    }

    static Id<Freeze> Frozen(World world)
    {
        var freeze = world.Freezing(world.Certificate(A, 100), 1, 1);
        world.Accepts(Y, freeze);
        return freeze.Freeze;
    }

    static Id<Instrument> Overdue(World world)
    {
        var note = world.Certificate(A, 1_000);
        world.Until("2026-09-16 09:00:00");
        return note;
    }

    static Id<Measure> Contested(World world)
    {
        var take = world.Taking(world.Certificate(A, 1_000), A, B, TransferCause.Court, 1, 1_000);
        world.Accepts(Y, take, Key(Z));
        world.Accepts(A, new ContestMeasure(new(take.Offer.Value), Paper));
        return new(take.Offer.Value);
    }

    static World Insolvent()
    {
        var world = new World();
        world.BecomesInsolvent(C);
        return world;
    }

    static Case Reconciled()
    {
        var story = new BillStory(atRegister: true);
        story.Issue();
        var message = story.Message(BillStory.Whole, BillStory.Pledged, BillStory.Marked);
        story.World.Accepts(Y, message);
        return new(story.World, Y, new ReconcileBill(message.MessageId, X), [Key(X)], Y, X, Refusal.ReviewerMissing);
    }
}
