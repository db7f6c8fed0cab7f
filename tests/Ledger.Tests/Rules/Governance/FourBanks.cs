using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Governance;

/// <summary>A ledger with four validators, of whose batches only X sends any.</summary>
static class FourBanks
{
    /// <summary>A bank that is registered later.</summary>
    public static readonly PartyId V = FictionalUscc.Of("440300", 63);

    public static readonly PartyId[] All = [.. new[] { X, Y, Z, W }.Order()];

    public static World World() => World(static genesis => genesis);

    public static World World(Func<GenesisText, GenesisText> shape) =>
        new(Morning, genesis => shape(genesis) with { Validators = [.. All.Select(bank => new FoundingValidator(bank, default))] });

    public static Propose Role(World world, PartyId party, Roles role = Roles.Gateway, ProposalAction action = ProposalAction.RolesGrant) =>
        new(world.New<Proposal>(), action, world.Tomorrow, party, role);

    /// <summary>A fifth bank is registered on the ledger.</summary>
    public static PartyId Fifth(World world)
    {
        NewKey[] keys = [world.NewKey(Key(V)), world.NewKey(Key(V, 2), KeyUse.Recovery), new(SealingKey.Create().PublicKey, KeyUse.Sealing, KeyRole.System, "system")];
        world.Accepts(X, world.Registration(V, "示例银行戊", Roles.Bank, SizeClass.Large) with { Keys = [.. keys] }, Key(V), Key(Y));
        return V;
    }

    public static Propose Joining(this World world, PartyId bank) => world.NewNodeKey(bank) is var (key, proof)
        ? new(world.New<Proposal>(), ProposalAction.ValidatorAdd, world.Tomorrow, bank, NodeKey: key, Proof: proof)
        : throw new InvalidOperationException();

    /// <summary>Today's rules with other values, from so many days on.</summary>
    public static Propose Adopting(World world, int days, params (RuleParameter Parameter, long Value)[] changed)
    {
        var values = world.State.Rules.Values.ToArray();
        foreach (var (parameter, value) in changed) values[(int)parameter - 1] = value;
        return new(world.New<Proposal>(), ProposalAction.RulesAdopt, world.Tomorrow, Rules: new(world.State.Today.AddDays(days), new([.. values])));
    }

    /// <summary>The next epoch, but for something.</summary>
    public static Propose Otherwise(Propose opening, Func<NextEpoch, NextEpoch> change) => opening with { Epoch = opening.Epoch is { } epoch ? change(epoch) : null };

    /// <summary>Settings that forbid nothing which the rules allow.</summary>
    public static readonly ProgrammeSettings Usual = new(default, TenorMonths: 12, FinancingTenorMonths: 12, FinancingShareBasisPoints: 10_000, MaximumDepth: 60, ContractRequired: false);

    /// <summary>Settings for the chain of core enterprises, from so many days on.</summary>
    public static Propose Programme(this World world, ProgrammeSettings settings, int days = 1) => new(
        world.New<Proposal>(), ProposalAction.ProgrammeAdopt, world.Tomorrow, Programme: new(Tests.World.IndustryChain, settings with { From = world.State.Today.AddDays(days) }));

    /// <summary>What the only validator proposes, votes for and does.</summary>
    public static Propose Carried(this World world, Propose proposal)
    {
        world.Accepts(X, proposal);
        world.Accepts(X, new VoteOn(proposal.Proposal, IsFor: true));
        world.Append();
        return proposal;
    }

    public static Propose Leaving(this World world, PartyId bank) => new(world.New<Proposal>(), ProposalAction.ValidatorRemove, world.Tomorrow, bank);

    /// <summary>The banks say yes or no, each in a block of its own.</summary>
    public static void Vote(this World world, Id<Proposal> proposal, bool isFor, params PartyId[] banks)
    {
        foreach (var bank in banks) world.Accepts(bank, new VoteOn(proposal, isFor));
    }

    public static IEnumerable<Validator> Founders(this World world) => world.Genesis.Text.Validators.Select(founder => new Validator(founder.Bank, founder.NodeKey));

    public static Proposal ProposalOf(this World world, Id<Proposal> id) => Assert.IsType<Proposal>(world.State.Proposal(id));

}
