using System.Security.Cryptography;
using Ledger.Core.Crypto;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.Rules.Members;

/// <summary>
/// Three banks, each with a signing, a recovery and a sealing key (1 to 3), and a supplier of bank A with a maker's, a recovery and a legal
/// representative's key (1 to 3). Bank A's sponsor is bank B, and the other way round; bank C's is bank A.
/// </summary>
static class Consortium
{
    public const int RotationDelayHours = 72;
    public const int MandateMaximumDays = 365;
    public const int IndependenceDays = 90;

    public static readonly PartyId BankA = Uscc("110000", 1);
    public static readonly PartyId BankB = Uscc("310000", 2);
    public static readonly PartyId BankC = Uscc("440300", 3);
    public static readonly PartyId Supplier = Uscc("430100", 4);
    public static readonly PartyId Newcomer = Uscc("430111", 5);
    public static readonly PartyId Keyless = Uscc("430112", 6);
    public static readonly PartyId Foreigner = Party("213800WSGIIZCXF1P572");

    /// <summary>Half a minute past a whole minute, so that rounding up shows.</summary>
    public static readonly Timestamp Start = new((1_767_225_600_000 / Timestamp.Minute * Timestamp.Minute) + (30 * Timestamp.Second));

    public static readonly Hash256 Paper = new(1, 2);

    public static LedgerState Founded { get; } = Found();

    public static KeyId Key(PartyId party, uint number) => new(party, number);

    public static NewKey Fresh(KeyUse use = KeyUse.Signing, KeyRole role = KeyRole.Maker, string person = "zhang.san") =>
        new(FreshPoint(), use, role, person);

    public static ByteString FreshPoint()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new(new byte[] { 4 }.Concat(point.X ?? []).Concat(point.Y ?? []).ToArray());
    }

    // A verb is judged alone here, without the checks that every act passes before.
    public static Verdict Judge(this LedgerState state, PartyId party, Operation operation, params KeyId[] signers) =>
        operation.Judge(state, new Act(party, party, [.. signers]));

    public static Refusal Refuses(this LedgerState state, PartyId party, Operation operation, params KeyId[] signers) =>
        Assert.IsType<Verdict.Refused>(state.Judge(party, operation, signers)).Refusal;

    public static LedgerState After(this LedgerState state, PartyId party, Operation operation, params KeyId[] signers)
    {
        foreach (var happened in Assert.IsType<Verdict.Accepted>(state.Judge(party, operation, signers)).Events)
            state = happened.Enact(state);
        return state;
    }

    public static LedgerState Later(this LedgerState state, long milliseconds) => state.At(state.Height + 1, state.Now.Add(milliseconds));

    public static Party PartyOf(this LedgerState state, PartyId id) => Assert.IsType<Party>(state.Party(id));

    public static PartyKey KeyOf(this LedgerState state, PartyId party, uint number) => Assert.IsType<PartyKey>(state.Key(new(party, number)));

    public static bool IsValid(this LedgerState state, PartyId party, uint number) => state.KeyOf(party, number).IsValidAt(state.Now);

    static LedgerState Found()
    {
        var values = new long[RuleSet.ParameterCount];
        values[(int)RuleParameter.RotationDelayHours - 1] = RotationDelayHours;
        values[(int)RuleParameter.MandateMaximumDays - 1] = MandateMaximumDays;
        values[(int)RuleParameter.IndependenceDays - 1] = IndependenceDays;
        var chain = new ChainParameters("test", new Hash256(7, 7), new P256Suite(), Purpose.Test, 480, 30, new VotingRules(4, 30, Majority.MoreThanHalf, Majority.MoreThanTwoThirds, Majority.MoreThanHalf, Majority.MoreThanTwoThirds, Majority.MoreThanTwoThirds, Majority.MoreThanTwoThirds), BankA, new Calendar([], []), BillRegister: null);
        var state = new LedgerState(chain).With(new RuleSet(new DateOnly(2020, 1, 1), RuleValues.Of(values).Values)).At(1, Start);

        NewKey[] bankKeys() => [Fresh(), Fresh(KeyUse.Recovery), Fresh(KeyUse.Sealing, KeyRole.System, "hsm")];
        state = Member(state, BankA, Roles.Bank, sponsor: BankB, bankKeys());
        state = Member(state, BankB, Roles.Bank, sponsor: BankA, bankKeys());
        state = Member(state, BankC, Roles.Bank, sponsor: BankA, bankKeys());
        return Member(state, Supplier, Roles.Supplier, sponsor: BankA,
            [Fresh(), Fresh(KeyUse.Recovery), Fresh(role: KeyRole.LegalRepresentative, person: "li.si")]);
    }

    static LedgerState Member(LedgerState state, PartyId id, Roles roles, PartyId sponsor, NewKey[] keys)
    {
        state = state.With(new Party(
            id, id.Text, roles, id.RegionCode.ToString(), SizeClass.Medium, "", sponsor, Standing.Active, (uint)keys.Length, default, Policy: [], RegisteredOn: default));
        foreach (var (index, key) in keys.Index())
        {
            state = state.With(new PartyKey(
                new(id, (uint)index + 1), key.PublicKey, key.Use, key.Role, key.Person, state.Now, PartyKey.Forever, Replaces: 0));
        }

        return state;
    }

    static PartyId Uscc(string region, int number)
    {
        // The two check characters are found by trying, so that the reader under test is the only place that computes them.
        foreach (var organisation in "0123456789X")
        {
            foreach (var check in "0123456789ABCDEFGHJKLMNPQRTUWXY")
            {
                if (PartyId.TryParse($"91{region}{number:D8}{organisation}{check}", out var id)) return id;
            }
        }

        throw new ArgumentException("there is no such number", nameof(number));
    }

    static PartyId Party(string text) => PartyId.TryParse(text, out var id) ? id : throw new ArgumentException("not a party's number", nameof(text));
}
