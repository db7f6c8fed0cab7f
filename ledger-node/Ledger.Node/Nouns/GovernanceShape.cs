using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.State;

namespace Ledger.Node.Nouns;

/// <summary>What all have agreed on, as it stands now: who validates and under which node key, how the banks decide, the protocol, the rules, the fingerprint keys and the programmes.</summary>
sealed class GovernanceShape() : Shape<LedgerState>("Governance")
{
    protected override IEnumerable<Column<LedgerState>> Describe() =>
    [
        Number("quorum", one => (ulong)Quorum.SizeOf(one.Validators.Count())), Objects("validators", Shown.Validator, (one, _) => one.Validators),
        Number("validatorsSince", one => one.ValidatorChange?.Height ?? 0), Number("protocol", one => one.Protocol.Number), Number("protocolSince", one => one.Protocol.Height),
        Objects("majorities", Shown.MajorityFor, (one, _) => Enum.GetValues<ProposalAction>().Select(action => (action, one.Chain.Voting.For(action)))),
        Number("longestDays", one => (ulong)one.Chain.Voting.LongestDays), Number("pendingProposals", one => (ulong)one.Chain.Voting.PendingProposals),
        Date("rulesFrom", one => one.Rules.From), Objects("ruleSets", Shown.AdoptedRules, (one, _) => one.RuleSets), Objects("epochs", Shown.OpenEpoch, (one, _) => one.Epochs),
        Objects("programmes", Shown.ProgrammeOfChain, (one, _) => one.AllProgrammes),
    ];
}

sealed class ValidatorShape() : Shape<Validator>("Validator")
{
    protected override IEnumerable<Column<Validator>> Describe() => [Party("bank", one => one.Bank), Of("nodeKey", Kinds.Base64, one => one.NodeKey.ToString())];
}

/// <summary>How many of the banks a kind of change takes, by genesis.</summary>
sealed class MajorityForShape() : Shape<(ProposalAction Action, Majority Majority)>("MajorityFor")
{
    protected override IEnumerable<Column<(ProposalAction Action, Majority Majority)>> Describe() => [Name("action", one => one.Action, Names.Of), Name("majority", one => one.Majority, Names.Of)];
}

/// <summary>A fingerprint key that is in use, which the ledger has sealed to each bank.</summary>
sealed class OpenEpochShape() : Shape<Epoch>("OpenEpoch")
{
    protected override IEnumerable<Column<Epoch>> Describe() =>
    [
        Number("number", one => one.Number), Hash("keyCommitment", one => one.KeyCommitment), Time("openedAt", one => one.OpenedAt),
        Of("sealedTo", Kinds.Parties, one => one.SealedKeys.Select(static key => key.Bank)),
    ];
}

/// <summary>What the debts of an industry chain were, are and will be held to, by date.</summary>
sealed class ProgrammeOfChainShape() : Shape<Programme>("ProgrammeOfChain")
{
    protected override IEnumerable<Column<Programme>> Describe() => [Text("industryChain", one => one.IndustryChain), Objects("settings", Shown.Programme, (one, _) => one.Settings)];
}
