using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Finality;

/// <summary>Who votes: the validators of one time, by whose keys and how many of whom something is certain.</summary>
public sealed class ValidatorSet
{
    readonly Dictionary<PartyId, ByteString> keys;

    public ValidatorSet(CryptoSuite suite, Hash256 chainId, string origin, IEnumerable<Validator> validators)
    {
        (Suite, ChainId, Origin) = (suite, chainId, origin);
        keys = validators.ToDictionary(static validator => validator.Bank, static validator => validator.NodeKey);
        Quorum = Chain.Quorum.SizeOf(keys.Count);
    }

    /// <summary>Those who vote on the next block.</summary>
    public static ValidatorSet InForce(LedgerState state) => Of(state.Chain, state.Validators, state.ValidatorChange is { } change ? Of(state.Chain, change.Before) : null);

    /// <summary>Those who certify the last block, which they do for one that changes them too.</summary>
    public static ValidatorSet Certifying(LedgerState state) => Of(state.Chain, state.Certifiers);

    static ValidatorSet Of(ChainParameters chain, IEnumerable<Validator> validators, ValidatorSet? before = null) =>
        new(chain.Suite, chain.ChainId, chain.Origin, validators) { Before = before };

    public CryptoSuite Suite { get; }

    public Hash256 ChainId { get; }

    public string Origin { get; }

    public int Quorum { get; }

    /// <summary>Those who were the validators before these, and certified the block that changed them; null where these are the founding ones, or nobody asked.</summary>
    public ValidatorSet? Before { get; private init; }

    public int Count => keys.Count;

    public IEnumerable<PartyId> Banks => keys.Keys.Order();

    /// <summary>The same set as a rule for checkpoints alone.</summary>
    public TrustPolicy Policy => TrustPolicy.OfValidators(Suite, Origin, Banks.Select(bank => new Validator(bank, keys[bank])));

    public ByteString? KeyOf(PartyId bank) => keys.TryGetValue(bank, out var key) ? key : null;
}
