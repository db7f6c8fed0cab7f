using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Access;

namespace Ledger.Node.Nouns;

/// <summary>A change that the validators' banks vote on, with who voted how, and how many it takes while it is pending.</summary>
sealed class ProposalNoun() : Noun<Proposal, Proposal>("Proposal", Guards.Proposal, NounLists.Proposals)
{
    protected override IEnumerable<Column<Proposal>> Describe() =>
    [
        Id("id", one => one.Id), Name("action", one => one.Action, Names.Of), Name("status", one => one.Status, Names.Of, Tones.Of), Party("proposer", one => one.Proposer),
        Party("party", one => one.Party).If((one, _) => one.Party != default), Of("roles", Kinds.Roles, one => one.Roles).If((one, _) => one.Roles != Roles.None),
        Of("nodeKey", Kinds.Base64, one => one.NodeKey.ToString()).If((one, _) => one.NodeKey.Length > 0),
        Of("version", Kinds.Number, one => (ulong)one.Version).If((one, _) => one.Version != 0), Object("rules", Shown.AdoptedRules, (one, _) => one.Rules).Optional,
        Object("epoch", Shown.NextEpoch, (one, _) => one.Epoch).Optional,
        Object("programme", Shown.NextProgramme, (one, _) => one.Programme).Optional, Time("madeAt", one => one.MadeAt), Time("expires", one => one.Expires),
        Objects("votes", Shown.BankVote, (one, _) => one.Votes, static (vote, _, reader) => $"{reader.NameOf(vote.Bank)} {reader[vote.IsFor]}"),
        Of("votesFor", Kinds.Number, (one, at) => (ulong)CountOf(one, at).For).If(IsPending), Of("votesAgainst", Kinds.Number, (one, at) => (ulong)CountOf(one, at).Against).If(IsPending),
        Of("votesNeeded", Kinds.Number, (one, at) => (ulong)CountOf(one, at).Needed).If(IsPending), Of("banks", Kinds.Number, (one, at) => (ulong)CountOf(one, at).Banks).If(IsPending),
        Time("dueAt", one => one.DueAt).If((one, _) => one.Status == ProposalStatus.Adopted), Time("endedAt", one => one.EndedAt).If((one, _) => !one.IsPending),
    ];

    static bool IsPending(Proposal one, At at) => one.IsPending;

    static VoteCount CountOf(Proposal one, At at) => Rulebook.CountOf(at.State, one);
}

/// <summary>Rules that would come into force on a date, every parameter with its value.</summary>
sealed class AdoptedRulesShape() : Shape<RuleSet>("AdoptedRules")
{
    protected override IEnumerable<Column<RuleSet>> Describe() =>
    [
        Date("from", one => one.From),
        Objects("parameters", Shown.RuleValue, (one, _) => Enum.GetValues<RuleParameter>().Select(parameter => (parameter, one[parameter]))),
    ];
}

sealed class RuleValueShape() : Shape<(RuleParameter Parameter, long Value)>("RuleValue")
{
    protected override IEnumerable<Column<(RuleParameter Parameter, long Value)>> Describe() =>
        [Text("parameter", one => ApiJson.Name(one.Parameter)), Number("value", one => (ulong)one.Value)];
}

/// <summary>The next fingerprint key: its commitment, and the key sealed to each bank.</summary>
sealed class NextEpochShape() : Shape<NextEpoch>("NextEpoch")
{
    protected override IEnumerable<Column<NextEpoch>> Describe() =>
    [
        Number("number", one => one.Number), Hash("keyCommitment", one => one.KeyCommitment),
        Objects("sealedKeys", Shown.SealedEpochKey, (one, _) => one.SealedKeys, static (key, _, reader) => reader.NameOf(key.Bank)),
    ];
}

sealed class SealedEpochKeyShape() : Shape<SealedEpochKey>("SealedEpochKey")
{
    protected override IEnumerable<Column<SealedEpochKey>> Describe() => [Party("bank", one => one.Bank), Text("sealed", one => one.Sealed)];
}

/// <summary>Settings for an industry chain that would come into force on a date.</summary>
sealed class NextProgrammeShape() : Shape<NextProgramme>("NextProgramme")
{
    protected override IEnumerable<Column<NextProgramme>> Describe() => [Text("industryChain", one => one.IndustryChain), Object("settings", Shown.Programme, (one, _) => one.Settings)];
}

/// <summary>What the debts of an industry chain are held to beside the rules.</summary>
sealed class ProgrammeShape() : Shape<ProgrammeSettings>("Programme")
{
    protected override IEnumerable<Column<ProgrammeSettings>> Describe() =>
    [
        Date("from", one => one.From), Number("tenorMonths", one => one.TenorMonths), Number("financingTenorMonths", one => one.FinancingTenorMonths),
        Number("financingShareBasisPoints", one => one.FinancingShareBasisPoints), Number("maximumDepth", one => one.MaximumDepth), Flag("contractRequired", one => one.ContractRequired),
    ];
}

/// <summary>What a bank said of a proposal, in the block of that height.</summary>
sealed class BankVoteShape() : Shape<BankVote>("BankVote")
{
    protected override IEnumerable<Column<BankVote>> Describe() => [Party("bank", one => one.Bank), Flag("isFor", one => one.IsFor), Number("height", one => one.Height)];
}
