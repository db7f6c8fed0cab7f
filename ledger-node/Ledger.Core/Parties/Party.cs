using Ledger.Core.Primitives;

namespace Ledger.Core.Parties;

/// <summary>What a party may do here. A party can have several roles; a validator is a bank that also runs a voting node.</summary>
[Flags]
public enum Roles : ushort
{
    None = 0,
    Bank = 1,
    CoreEnterprise = 2,
    Supplier = 4,
    Regulator = 8,
    Guarantor = 16,
    Gateway = 32,
    Platform = 64,
    Operator = 128,
}

/// <summary>Size by 统计上大中小微型企业划分办法 (2017), or a public body (机关、事业单位). What counts for a payment term is the size when the contract was signed.</summary>
public enum SizeClass : byte
{
    Unstated = 0,
    Large = 1,
    Medium = 2,
    Small = 3,
    Micro = 4,
    PublicBody = 5,
}

public enum Standing : byte
{
    Active = 1,
    KeysLost = 2,
    Suspended = 3,
}

/// <summary>Up to these amounts one person's signature is enough; above either, a second person must check (复核).</summary>
public sealed record PolicyLimit(Currency Currency, Amount PerAct, Amount PerDay);

/// <summary>
/// A legal entity. <paramref name="Account"/> is a salted digest of the settlement account, zero when none is filed. An empty
/// <paramref name="Policy"/> lets any one signing person act; otherwise a currency without a limit always needs two.
/// <paramref name="RegisteredOn"/> is the ledger's day, <see cref="DateOnly.MinValue"/> of a founder.
/// </summary>
public sealed record Party(
    PartyId Id,
    string Name,
    Roles Roles,
    string Region,
    SizeClass Size,
    string IndustryChain,
    PartyId Sponsor,
    Standing Standing,
    uint LastKey,
    Hash256 Account,
    ValueList<PolicyLimit> Policy,
    DateOnly RegisteredOn)
{
    public bool Has(Roles role) => (Roles & role) != 0;
}
