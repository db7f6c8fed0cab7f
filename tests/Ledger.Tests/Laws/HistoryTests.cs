using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.State;

namespace Ledger.Tests.Laws;

/// <summary>
/// Conservation, no double pledge, a refusal is a no-op, silence never confirms, and the naive model agrees: after every step of random histories.
/// </summary>
public class HistoryTests
{
    const int Longest = 60;

    [Law]
    public Property The_core_and_the_schoolbook_tell_the_same_history() =>
        Prop.ForAll(Seeds.UpTo(Longest), steps =>
        {
            var history = new History();
            foreach (var seed in steps) history.Step(seed);
            RestoreLaw.Holds(history.State);
        });

    [Theory]
    // A bank signs as new validator, and so vouches for the document of the same transaction.
    [InlineData(956132933, 1322176082)]
    public void Steps_that_once_told_two_histories(params int[] steps)
    {
        var history = new History();
        foreach (var seed in steps) history.Step(seed);
    }

    [Fact]
    public void Histories_reach_every_answer_that_they_are_about()
    {
        var seen = new HashSet<Refusal>();
        var left = new HashSet<DeadlineKind>();
        for (var round = 0; round < 300; round++)
        {
            var history = new History();
            for (var step = 0; step < Longest; step++) history.Step((round * 1_000) + step);
            seen.UnionWith(history.Seen);
            left.UnionWith(history.Left);
        }

        Refusal[] about =
        [
            Refusal.None, Refusal.IdWithoutTime, Refusal.IdOfAnotherTime, Refusal.KeysReportedLost, Refusal.NoMandate, Refusal.MandateCapExceeded, Refusal.MandateCounterparty, Refusal.AgentIsCounterparty, Refusal.OneHandForBothSides,
            Refusal.DocumentNotFound, Refusal.DocumentIdInUse, Refusal.AttesterIsNotBank, Refusal.SellerDidNotSign, Refusal.FingerprintsIncomplete,
            Refusal.DocumentAlreadyRegistered, Refusal.DocumentContradicts, Refusal.DocumentPartiesDiffer, Refusal.DocumentsDoNotCover, Refusal.RedLetterTooLarge,
            Refusal.DocumentLooksLikeAnother, Refusal.DocumentIsEvidence, Refusal.DistinctFromOthers, Refusal.DistinctionNeedsSecondBank,
            Refusal.ConfirmedAboveRequested, Refusal.AlreadyAnsweredClaim, Refusal.IssueDiffersFromConfirmation, Refusal.InstrumentStatusWrong,
            Refusal.InstrumentDependedOn, Refusal.HolderDidNotSign, Refusal.OfferNotFound, Refusal.OfferIdInUse, Refusal.OfferNotOpen, Refusal.OfferExpired,
            Refusal.NotTheOfferee, Refusal.UnitsDoNotExist, Refusal.UnitsNotHeld, Refusal.InstrumentDue, Refusal.NotTransferable, Refusal.UnitsOrAmount,
            Refusal.BelowMinimum, Refusal.TooDeep, Refusal.TooManyTokens, Refusal.UnitsNotLive, Refusal.NotEnoughHeld, Refusal.FreezeTermInvalid, Refusal.FreezeNeedsSecond, Refusal.FrozenInEmergency, Refusal.UnitsOffered,
            Refusal.ControllerIsSelf, Refusal.ControlUnchanged, Refusal.RoleMissing, Refusal.TwoInstitutionsMissing, Refusal.UnitsFrozen, Refusal.DocumentUsedUp, Refusal.DocumentOverused, Refusal.PledgeReleased, Refusal.NotThePledgee, Refusal.NotTheExecutor,
            Refusal.NotAValidator, Refusal.ProposalIdInUse, Refusal.ProposalNotFound, Refusal.ProposalNotOpen, Refusal.ProposalTermInvalid, Refusal.TooManyProposals, Refusal.NewValidatorDidNotSign, Refusal.NodeKeyInUse, Refusal.ActionMembersDiffer, Refusal.AlreadyVoted,
            Refusal.NotTheProposer, Refusal.RoleNotByVote, Refusal.RolesUnchanged, Refusal.AlreadyAValidator, Refusal.NoSuchValidator, Refusal.ValidatorIsNotBank, Refusal.NodeKeyInvalid,
            Refusal.NodeKeyNotProved, Refusal.RulesTooEarly, Refusal.RulesOfThatDay, Refusal.RuleFixesDeadlines, Refusal.ProtocolOutOfOrder, Refusal.EpochOutOfOrder, Refusal.ProgrammeInvalid, Refusal.ProgrammeDateInvalid, Refusal.ProgrammeOfThatDay, Refusal.BeyondProgramme, Refusal.SealedKeysIncomplete,
        ];
        Assert.Empty(about.Except(seen));
        Assert.Equal([DeadlineKind.OfferLeaves, DeadlineKind.PledgeLeaves, DeadlineKind.InstrumentLeaves, DeadlineKind.ProposalLeaves], left.Order());
    }
}
