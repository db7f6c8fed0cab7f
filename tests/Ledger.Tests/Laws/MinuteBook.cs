using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Suites;

namespace Ledger.Tests.Laws;

/// <summary>
/// What banks decide together, as the minutes of their meetings would have it: who sits there, what was moved, who said what, and what all agreed on as it stands. Written
/// from docs/FORMATS.md, and not from the core.
/// </summary>
sealed class MinuteBook
{
    const int LongestDays = 30;
    const int MostEpochs = 32;
    const int MostRuleSets = 200;
    const int MostDaysAhead = 366;

    public required Hash256 Chain { get; init; }

    /// <summary>How many motions of one bank may be undecided.</summary>
    public required int MostPending { get; init; }

    /// <summary>Whether banks come, go and change their keys in this story, and the protocol goes on: where blocks are really sealed they do not.</summary>
    public bool MovesSeats { get; init; }

    /// <summary>The validators' banks, each with its node key.</summary>
    public required SortedDictionary<PartyId, ByteString> Seats { get; init; }

    public required Dictionary<PartyId, Roles> Roles { get; init; }

    public required SortedDictionary<DateOnly, ValueList<long>> Rules { get; init; }

    /// <summary>The industry chains of parties.</summary>
    public required Dictionary<PartyId, string> Chains { get; init; }

    public Dictionary<string, SortedDictionary<DateOnly, ProgrammeSettings>> Programmes { get; private init; } = [];

    public int Epochs { get; private set; } = 1;

    public uint Protocol { get; private set; } = 1;

    public SortedDictionary<Id<Proposal>, Motion> Motions { get; private init; } = [];

    public sealed record Motion(Propose What, PartyId By)
    {
        public ProposalStatus Status { get; set; } = ProposalStatus.Open;

        public List<(PartyId Bank, bool IsFor)> Said { get; init; } = [];

        public Timestamp Due { get; set; }

        public Timestamp? OverSince { get; set; }

        public bool IsPending => Status is ProposalStatus.Open or ProposalStatus.Adopted;

        public bool MovesSeats => What.Action is ProposalAction.ValidatorAdd or ProposalAction.ValidatorRemove or ProposalAction.NodeKeyRotate;

        public Motion Copy() => this with { Said = [.. Said] };
    }

    /// <summary>As things stand on a ledger on which nothing was moved yet.</summary>
    public static MinuteBook Of(LedgerState state, bool movesSeats) => new()
    {
        Chain = state.Chain.ChainId,
        MostPending = state.Chain.Voting.PendingProposals,
        MovesSeats = movesSeats,
        Seats = new(state.Validators.ToDictionary(one => one.Bank, one => one.NodeKey)),
        Roles = state.AllParties.ToDictionary(party => party.Id, party => party.Roles),
        Chains = state.AllParties.ToDictionary(party => party.Id, party => party.IndustryChain),
        Rules = new(state.RuleSets.ToDictionary(rules => rules.From, rules => rules.Values)),
    };

    public MinuteBook Copy() => new()
    {
        Chain = Chain,
        MostPending = MostPending,
        MovesSeats = MovesSeats,
        Seats = new(Seats),
        Roles = new(Roles),
        Rules = new(Rules),
        Chains = Chains,
        Programmes = Programmes.ToDictionary(chain => chain.Key, chain => new SortedDictionary<DateOnly, ProgrammeSettings>(chain.Value)),
        Epochs = Epochs,
        Protocol = Protocol,
        Motions = new(Motions.ToDictionary(motion => motion.Key, motion => motion.Value.Copy())),
    };

    public long Rule(RuleParameter parameter, DateOnly day) => Rules.Where(rules => rules.Key <= day).Select(rules => rules.Value).DefaultIfEmpty(Rules.First().Value).Last()[(int)parameter - 1];

    /// <summary>What a party's debts are held to on a day beside the rules.</summary>
    public ProgrammeSettings? Programme(PartyId obligor, DateOnly day) =>
        Programmes.GetValueOrDefault(Chains[obligor])?.Where(settings => settings.Key <= day).Select(settings => settings.Value).LastOrDefault();

    public Refusal Do(Timestamp now, PartyId by, IEnumerable<PartyId> signers, Propose what)
    {
        if (!Seats.ContainsKey(by)) return Refusal.NotAValidator;
        if (Motions.ContainsKey(what.Proposal)) return Refusal.ProposalIdInUse;
        if (!what.Expires.IsWholeMinute || what.Expires <= now || what.Expires > now.Add(LongestDays * Timestamp.Day)) return Refusal.ProposalTermInvalid;
        if (Motions.Values.Count(motion => motion.IsPending && motion.By == by) >= MostPending) return Refusal.TooManyProposals;
        if (!SaysJustWhatItNeeds(what)) return Refusal.ActionMembersDiffer;
        if (WhyNot(now, by, what) is { } no) return no;
        if (what.NodeKey is { } nodeKey)
        {
            if (!signers.Contains(what.Party ?? by)) return Refusal.NewValidatorDidNotSign;
            if (!KnownSuites.P256.Verify(nodeKey, Rulebook.NodeKeyText(Chain, what.Party ?? by, nodeKey), (what.Proof ?? default).Span)) return Refusal.NodeKeyNotProved;
        }

        if (what.Epoch is { } epoch && !epoch.SealedKeys.Select(key => key.Bank).SequenceEqual(Roles.Where(party => party.Value.HasFlag(Core.Parties.Roles.Bank)).Select(party => party.Key).Order()))
            return Refusal.SealedKeysIncomplete;

        Motions[what.Proposal] = new(what, by);
        return Refusal.None;
    }

    public Refusal Do(Timestamp now, PartyId by, VoteOn vote)
    {
        if (!Seats.ContainsKey(by)) return Refusal.NotAValidator;
        if (!Motions.TryGetValue(vote.Proposal, out var motion)) return Refusal.ProposalNotFound;
        if (motion.Status != ProposalStatus.Open || motion.What.Expires <= now) return Refusal.ProposalNotOpen;
        if (motion.Said.Any(said => said.Bank == by)) return Refusal.AlreadyVoted;

        motion.Said.Add((by, vote.IsFor));
        Count(now, motion);
        return Refusal.None;
    }

    public Refusal Do(Timestamp now, PartyId by, WithdrawProposal withdraw)
    {
        if (!Motions.TryGetValue(withdraw.Proposal, out var motion)) return Refusal.ProposalNotFound;
        if (motion.By != by) return Refusal.NotTheProposer;
        if (motion.Status != ProposalStatus.Open || motion.What.Expires <= now) return Refusal.ProposalNotOpen;

        End(now, motion, ProposalStatus.Withdrawn);
        return Refusal.None;
    }

    /// <summary>A block opens: what has run out expires and what was carried is done, one after another, as they fall due.</summary>
    public void Open(Timestamp now)
    {
        var moved = false;
        while (Motions.Where(one => DueOf(one.Value) is { } due && due <= now).OrderBy(one => DueOf(one.Value)).ThenBy(one => one.Value.Status).ThenBy(one => one.Key).Select(one => one.Value).FirstOrDefault() is { } motion)
        {
            if (motion.Status == ProposalStatus.Open) End(now, motion, ProposalStatus.Expired);
            else if (Result(motion) != ProposalStatus.Adopted) Count(now, motion);
            else if (motion.MovesSeats && moved) motion.Due = now.FloorMinute().Add(Timestamp.Minute);
            else if (WhyNot(now, motion.By, motion.What) is not null) End(now, motion, ProposalStatus.Overtaken);
            else
            {
                Carry(motion);
                End(now, motion, ProposalStatus.Enacted);
                moved |= motion.MovesSeats;
                foreach (var other in motion.MovesSeats ? Motions.Values.Where(other => other.IsPending && Result(other) != other.Status) : []) Count(now, other);
            }
        }
    }

    /// <summary>What was decided so long ago is in nobody's minutes any more.</summary>
    public void Forget(Func<Timestamp?, bool> isForgotten)
    {
        foreach (var id in Motions.Where(motion => isForgotten(motion.Value.OverSince)).Select(motion => motion.Key).ToArray()) Motions.Remove(id);
    }

    static Timestamp? DueOf(Motion motion) => motion.Status switch { ProposalStatus.Open => motion.What.Expires, ProposalStatus.Adopted => motion.Due, _ => null };

    void Count(Timestamp now, Motion motion)
    {
        motion.Status = Result(motion);
        motion.Due = motion.Status == ProposalStatus.Adopted ? now.FloorMinute() : default;
        motion.OverSince = motion.IsPending ? null : now;
    }

    static void End(Timestamp now, Motion motion, ProposalStatus status) => (motion.Status, motion.OverSince) = (status, now);

    // The preset asks for more than half of the banks on roles and rules, and for more than two thirds on everything else.
    ProposalStatus Result(Motion motion)
    {
        var needed = motion.What.Action is ProposalAction.RolesGrant or ProposalAction.RolesWithdraw or ProposalAction.RulesAdopt ? (Seats.Count / 2) + 1 : (2 * Seats.Count / 3) + 1;
        var votes = motion.Said.Where(said => Seats.ContainsKey(said.Bank)).ToArray();
        if (votes.Count(said => said.IsFor) >= needed) return ProposalStatus.Adopted;
        return Seats.Count - votes.Count(said => !said.IsFor) < needed ? ProposalStatus.Rejected : ProposalStatus.Open;
    }

    static bool SaysJustWhatItNeeds(Propose what)
    {
        var isOfParty = what.Action is ProposalAction.RolesGrant or ProposalAction.RolesWithdraw or ProposalAction.ValidatorAdd or ProposalAction.ValidatorRemove;
        var isOfKey = what.Action is ProposalAction.ValidatorAdd or ProposalAction.NodeKeyRotate;
        return what.Party.HasValue == isOfParty && what.NodeKey.HasValue == isOfKey && what.Proof.HasValue == isOfKey
            && what.Roles.HasValue == (what.Action is ProposalAction.RolesGrant or ProposalAction.RolesWithdraw)
            && what.Rules is not null == (what.Action == ProposalAction.RulesAdopt) && what.Version.HasValue == (what.Action == ProposalAction.ProtocolRaise)
            && what.Epoch is not null == (what.Action == ProposalAction.EpochOpen) && what.Programme is not null == (what.Action == ProposalAction.ProgrammeAdopt);
    }

    Refusal? WhyNot(Timestamp now, PartyId by, Propose what)
    {
        switch (what.Action)
        {
            case ProposalAction.RolesGrant or ProposalAction.RolesWithdraw when what is { Party: { } party, Roles: { } roles }:
                if (!Roles.TryGetValue(party, out var has)) return Refusal.PartyNotFound;
                if (roles.HasFlag(Core.Parties.Roles.Bank)) return Refusal.RoleNotByVote;
                return roles == 0 || (what.Action == ProposalAction.RolesGrant ? (has & roles) != 0 : (has & roles) != roles) ? Refusal.RolesUnchanged : null;
            case ProposalAction.ValidatorAdd when what is { Party: { } party, NodeKey: { } key }:
                if (!Roles.TryGetValue(party, out has)) return Refusal.PartyNotFound;
                if (!has.HasFlag(Core.Parties.Roles.Bank)) return Refusal.ValidatorIsNotBank;
                return Seats.ContainsKey(party) ? Refusal.AlreadyAValidator : WhyNotKey(key);
            case ProposalAction.ValidatorRemove when what is { Party: { } party }:
                return !Seats.ContainsKey(party) ? Refusal.NoSuchValidator : Seats.Count == 1 ? Refusal.LastValidator : null;
            case ProposalAction.NodeKeyRotate when what is { NodeKey: { } key }:
                return Seats.ContainsKey(by) ? WhyNotKey(key) : Refusal.NoSuchValidator;
            case ProposalAction.RulesAdopt when what is { Rules: { } rules }:
                if (rules.From <= now.DateAt(480)) return Refusal.RulesTooEarly;
                if (Rules.ContainsKey(rules.From)) return Refusal.RulesOfThatDay;
                if (Rules.Count >= MostRuleSets) return Refusal.TooManyRuleSets;
                return rules.Parameters.Values[(int)RuleParameter.DueDateRollsOver - 1] == Rule(RuleParameter.DueDateRollsOver, rules.From) ? null : Refusal.RuleFixesDeadlines;
            case ProposalAction.ProtocolRaise:
                return what.Version == Protocol + 1 ? null : Refusal.ProtocolOutOfOrder;
            case ProposalAction.EpochOpen when what is { Epoch: { } epoch }:
                return epoch.Number != Epochs + 1 ? Refusal.EpochOutOfOrder : Epochs >= MostEpochs ? Refusal.TooManyEpochs : null;
            case ProposalAction.ProgrammeAdopt when what.Programme is { } programme:
                if (programme.IndustryChain.Length == 0 || programme.Settings.TenorMonths == 0) return Refusal.ProgrammeInvalid;
                if (programme.Settings.From <= now.DateAt(480) || programme.Settings.From > now.DateAt(480).AddDays(MostDaysAhead)) return Refusal.ProgrammeDateInvalid;
                return Programmes.GetValueOrDefault(programme.IndustryChain)?.ContainsKey(programme.Settings.From) == true ? Refusal.ProgrammeOfThatDay : null;
            default:
                throw new ArgumentException($"{what.Action} is not in these minutes", nameof(what));
        }
    }

    Refusal? WhyNotKey(ByteString key) => !KnownSuites.P256.IsPublicKey(key.Span) ? Refusal.NodeKeyInvalid : Seats.ContainsValue(key) ? Refusal.NodeKeyInUse : null;

    void Carry(Motion motion)
    {
        var what = motion.What;
        var party = what.Party ?? motion.By;
        switch (what.Action)
        {
            case ProposalAction.RolesGrant:
                Roles[party] |= what.Roles ?? default;
                break;
            case ProposalAction.RolesWithdraw:
                Roles[party] &= ~(what.Roles ?? default);
                break;
            case ProposalAction.ValidatorAdd or ProposalAction.NodeKeyRotate:
                Seats[party] = what.NodeKey ?? default;
                break;
            case ProposalAction.ValidatorRemove:
                Seats.Remove(party);
                break;
            case ProposalAction.RulesAdopt when what.Rules is { } rules:
                Rules[rules.From] = rules.Parameters.Values;
                break;
            case ProposalAction.ProtocolRaise:
                Protocol++;
                break;
            case ProposalAction.ProgrammeAdopt when what.Programme is { } programme:
                Programmes.TryAdd(programme.IndustryChain, []);
                Programmes[programme.IndustryChain][programme.Settings.From] = programme.Settings;
                break;
            default:
                Epochs++;
                break;
        }
    }
}
