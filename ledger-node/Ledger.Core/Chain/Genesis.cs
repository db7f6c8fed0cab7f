using System.Text.Json;
using Ledger.Core.Crypto;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Core.Chain;

/// <summary>What all must agree on before the first block. The chain's id is the hash of the file's exact bytes, so nothing in it is defaulted.</summary>
public sealed record Genesis(ReadOnlyMemory<byte> Bytes, GenesisText Text, ChainParameters Chain)
{
    public const int FormatVersion = 1;

    /// <summary>The first line of every checkpoint of this chain, and the name of every key that signs one.</summary>
    public string Origin => Chain.Origin;

    /// <summary>Whose signatures make a checkpoint final: more than two thirds of the founding validators, each with its own note line.</summary>
    public TrustPolicy Policy => PolicyOf(Text.Validators.Select(static founder => new Validator(founder.Bank, founder.NodeKey)));

    /// <summary>The same of whoever the validators are at another time.</summary>
    public TrustPolicy PolicyOf(IEnumerable<Validator> validators) => TrustPolicy.OfValidators(Chain.Suite, Origin, validators);

    /// <summary>Reads and checks a genesis file; <paramref name="problem"/> says in English what is wrong with it.</summary>
    public static Genesis? Read(ReadOnlyMemory<byte> bytes, Func<string, CryptoSuite?> findSuite, out string problem)
    {
        problem = "";
        try
        {
            var text = JsonSerializer.Deserialize(bytes.Span, WireJson.TypeInfo<GenesisText>());
            if (text is null || findSuite(text.Suite) is not { } suite)
            {
                problem = "suite: ES256 or SM2";
                return null;
            }

            problem = Problem(text, suite) ?? "";
            if (problem.Length > 0) return null;
            var chain = new ChainParameters(
                text.Name, suite.Hash(bytes.Span), suite, text.Purpose, text.OffsetMinutes, text.RetentionDays, text.Voting, text.Authority, new(text.Calendar.Closed, text.Calendar.Open),
                text.BillRegister);
            if (text.Validators.DistinctBy(one => chain.NoteKeyId(one.NodeKey)).Count() == text.Validators.Count) return new(bytes, text, chain);
            problem = "validators: two node keys have the same key id, and a checkpoint could not tell their signatures apart: make another";
            return null;
        }
        catch (JsonException wrong)
        {
            problem = $"not a genesis file: {wrong.Message}";
            return null;
        }
    }

    /// <summary>The state that block 0 seals; its changes are what the state tree begins with.</summary>
    public LedgerState State()
    {
        var state = new LedgerState(Chain).At(0, Text.Time);
        foreach (var rules in Text.Rules) state = state.With(new RuleSet(rules.From, rules.Parameters.Values));
        foreach (var founder in Text.Parties)
        {
            state = state.With(new Party(
                founder.Id, founder.Name, founder.Roles, founder.Region, founder.Size, founder.IndustryChain, founder.Sponsor, Standing.Active,
                (uint)founder.Keys.Count, default, [], RegisteredOn: default));
            for (var i = 0; i < founder.Keys.Count; i++)
            {
                var key = founder.Keys[i];
                state = state.With(new PartyKey(
                    new(founder.Id, (uint)(i + 1)), key.PublicKey, key.Use, key.Role, key.Person, Text.Time, PartyKey.Forever, Replaces: 0));
            }
        }

        foreach (var validator in Text.Validators) state = state.With(new Validator(validator.Bank, validator.NodeKey));
        return state.With(new Instruments.Epoch(1, Text.Epoch.KeyCommitment, Text.Epoch.SealedKeys, Text.Time));
    }

    static string? Problem(GenesisText text, CryptoSuite suite)
    {
        if (text.Version != FormatVersion) return "version: this program reads version 1";
        if (text.Name.Length is 0 or > 60 || text.Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '.')))
            return "name: 1 to 60 of a-z, 0-9, '-' and '.'";
        if (text.OffsetMinutes is < -840 or > 840) return "offsetMinutes: within 14 hours";
        if (text.RetentionDays is < 2 or > 3650) return "retentionDays: 2 to 3650";
        if (text.Voting.PendingProposals is < 1 or > VotingRules.MostPending) return $"voting: pendingProposals: 1 to {VotingRules.MostPending}";
        if (text.Voting.LongestDays is < 1 or > VotingRules.MostDays) return $"voting: longestDays: 1 to {VotingRules.MostDays}";
        if (text.Rules.Count == 0) return "rules: at least one rule set";
        if (!text.Rules.Select(rules => rules.From).SequenceEqual(text.Rules.Select(rules => rules.From).Distinct().Order()))
            return "rules: ascending by date, each date once";
        return FoundersProblem(text, suite) ?? ValidatorsProblem(text, suite);
    }

    static string? FoundersProblem(GenesisText text, CryptoSuite suite)
    {
        var publicKeys = new HashSet<ByteString>();
        var ids = new HashSet<PartyId>();
        foreach (var founder in text.Parties)
        {
            if (!ids.Add(founder.Id)) return $"parties: {founder.Id} stands twice";
            if (Rulebook.InvalidText(founder.Id, founder.Name, founder.Region, founder.IndustryChain) is { } field)
                return $"parties: the {field} of {founder.Id} is not as party.register would have it";
            foreach (var key in founder.Keys)
            {
                if (!Rulebook.IsPseudonym(key.Person)) return $"parties: {founder.Id} has a key whose person is not as party.register would have it";
                if (!key.IsPointOfItsCurve(suite)) return $"parties: {founder.Id} has a public key that is no point on the curve";
                if (!publicKeys.Add(key.PublicKey)) return $"parties: {founder.Id} has a public key that stands twice";
            }
        }

        var banks = text.Parties.Where(party => party.Roles.HasFlag(Roles.Bank)).ToArray();
        if (banks.Length < 2) return "parties: at least two founding banks, so that each can have another as its sponsor";
        foreach (var founder in text.Parties)
        {
            if (founder.Sponsor == founder.Id || banks.All(bank => bank.Id != founder.Sponsor))
                return $"parties: the sponsor of {founder.Id} must be another founding bank";
        }

        foreach (var bank in banks)
        {
            foreach (var use in Enum.GetValues<KeyUse>())
            {
                if (bank.Keys.All(key => key.Use != use)) return $"parties: {bank.Id} needs a {use} key";
            }

            if (bank.Keys[0] is not { Use: KeyUse.Signing, Role: not KeyRole.Checker }) return $"parties: the first key of {bank.Id} must be able to sign alone";
        }

        if (!ids.Contains(text.Authority)) return "authority: must be a founding party";
        if (text.BillRegister is { } register && !ids.Contains(register)) return "billRegister: must be a founding party or null";
        return banks.Select(bank => bank.Id).Order().SequenceEqual(text.Epoch.SealedKeys.Select(key => key.Bank))
            ? null
            : "epoch: one sealed key for each founding bank, ascending";
    }

    static string? ValidatorsProblem(GenesisText text, CryptoSuite suite)
    {
        if (text.Validators.Count is 0 or > Rulebook.MostValidators) return $"validators: 1 to {Rulebook.MostValidators}";
        if (!text.Validators.Select(one => one.Bank).SequenceEqual(text.Validators.Select(one => one.Bank).Distinct().Order()))
            return "validators: ascending by bank, each once";
        foreach (var validator in text.Validators)
        {
            if (!text.Parties.Any(party => party.Id == validator.Bank && party.Roles.HasFlag(Roles.Bank)))
                return $"validators: {validator.Bank} is no founding bank";
            if (!suite.IsPublicKey(validator.NodeKey.Span)) return $"validators: the node key of {validator.Bank} is no point on the curve";
            if (text.Parties.Any(party => party.Keys.Any(key => key.PublicKey == validator.NodeKey)))
                return $"validators: the node key of {validator.Bank} must not be a party's key: node keys never sign transactions";
        }

        return null;
    }
}
