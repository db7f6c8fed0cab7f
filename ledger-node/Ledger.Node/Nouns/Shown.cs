namespace Ledger.Node.Nouns;

/// <summary>Every noun that is shown, a description each. An answer, its description, a page's table and its files are made from it, and from nothing else.</summary>
static class Shown
{
    public static readonly InterestShape Interest = new();
    public static readonly AttestationShape Attestation = new();
    public static readonly PledgeReservationShape PledgeReservation = new();
    public static readonly ConfirmationShape Confirmation = new();
    public static readonly BillShape Bill = new();
    public static readonly LateClaimShape LateClaim = new();
    public static readonly LegShape Leg = new();
    public static readonly EncumbranceShape Encumbrance = new();
    public static readonly FingerprintShape Fingerprint = new();
    public static readonly PaymentShareShape PaymentShare = new("PaymentShare");
    public static readonly PaymentShareShape EffectShare = new("EffectShare");
    public static readonly AnnouncedShareShape AnnouncedShare = new();

    public static readonly BankVoteShape BankVote = new();
    public static readonly RuleValueShape RuleValue = new();
    public static readonly AdoptedRulesShape AdoptedRules = new();
    public static readonly SealedEpochKeyShape SealedEpochKey = new();
    public static readonly NextEpochShape NextEpoch = new();
    public static readonly ProgrammeShape Programme = new();
    public static readonly NextProgrammeShape NextProgramme = new();
    public static readonly ValidatorShape Validator = new();
    public static readonly MajorityForShape MajorityFor = new();
    public static readonly OpenEpochShape OpenEpoch = new();
    public static readonly ProgrammeOfChainShape ProgrammeOfChain = new();
    public static readonly GovernanceShape Governance = new();

    public static readonly InstrumentNoun Instrument = new();
    public static readonly WholeInstrumentShape WholeInstrument = new();
    public static readonly TokenShape Token = new();
    public static readonly TokenNoun HeldToken = new();
    public static readonly OfferNoun Offer = new();
    public static readonly MeasureNoun Measure = new();
    public static readonly ProposalNoun Proposal = new();
    public static readonly DocumentNoun Document = new();
    public static readonly PledgeNoun Pledge = new();
    public static readonly FinancingNoun Financing = new();
    public static readonly LineNoun Line = new();
    public static readonly PaymentNoun Payment = new();
    public static readonly AttemptNoun Attempt = new();
    public static readonly ControlShape Control = new();
    public static readonly FormerControllerShape FormerController = new();
    public static readonly PolicyLimitShape PolicyLimit = new();
    public static readonly PartyNoun Party = new();
    public static readonly PartyRowNoun PartyRow = new();
    public static readonly KeyNoun Key = new();
    public static readonly StepNoun Step = new();
    public static readonly LegNoun LineageLeg = new();
    public static readonly InstructionNoun Instruction = new();
}
