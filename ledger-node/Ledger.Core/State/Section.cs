namespace Ledger.Core.State;

/// <summary>
/// Everything that decisions read, in numbered sections whose roots make the state root. Numbers never change; an empty section has a fixed root.
/// </summary>
public enum Section : byte
{
    Parties = 1,
    Keys = 2,
    Mandates = 3,
    Documents = 4,
    Instruments = 5,
    Tokens = 6,
    Reservations = 7,
    Offers = 8,
    Financings = 9,
    Lines = 10,
    Lists = 11,
    RuleSets = 12,
    Epochs = 13,
    UsedIds = 14,
    Clocks = 15,
    Quotas = 16,
    Proposals = 17,
    Validators = 18,
    Fingerprints = 19,
    Freezes = 20,
    Pledges = 21,
    Numbers = 22,
    Payments = 23,
    Attestations = 24,
    Skeletons = 25,
    Measures = 26,
    Controls = 27,
}

public static class Sections
{
    public static readonly int Count = Enum.GetValues<Section>().Length;
}
