using FsCheck;
using FsCheck.Fluent;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.Rules.Members.Consortium;

namespace Ledger.Tests.Rules.Members;

public class KeyLawTests
{
    // Keys are costly to make and a story uses each at most once.
    static readonly ByteString[] Points = [.. Enumerable.Range(0, 64).Select(_ => FreshPoint())];

    [Fact]
    public void No_order_of_key_verbs_leaves_a_party_without_a_key_to_act_with_or_wakes_an_ended_one() =>
        Prop.ForAll<byte[]>(Holds).QuickCheckThrowOnFailure();

    static bool Holds(byte[] story)
    {
        var state = Founded;
        var ended = new HashSet<uint>();
        foreach (var (step, code) in story.Take(Points.Length).Index())
        {
            state = Next(state, code, Points[step]);
            var numbers = Enumerable.Range(1, (int)state.PartyOf(Supplier).LastKey).Select(number => (uint)number).ToArray();
            if (!numbers.Any(number => CanAct(state.KeyOf(Supplier, number)) && state.IsValid(Supplier, number))) return false;
            if (ended.Any(number => state.IsValid(Supplier, number))) return false;
            ended.UnionWith(numbers.Where(number => state.KeyOf(Supplier, number).Until <= state.Now));
        }

        return true;
    }

    /// <summary>One byte says the verb, the key it names and who signs; what is refused changes nothing.</summary>
    static LedgerState Next(LedgerState state, byte code, ByteString point)
    {
        var number = (uint)((code >> 3) % (state.PartyOf(Supplier).LastKey + 1));
        var role = (code & 0x40) != 0 ? KeyRole.Checker : KeyRole.Maker;
        var newKey = new NewKey(point, KeyUse.Signing, role, "zhang.san");
        KeyId[] bySponsor = [Key(BankA, 1), Key(BankB, 1)];
        return (code & 7) switch
        {
            0 => state.Later(Timestamp.Hour),
            1 => state.Later(RotationDelayHours * Timestamp.Hour),
            2 => Try(state, Supplier, new RotateKey(Supplier, number, newKey), Key(Supplier, 1)),
            3 => Try(state, BankA, new RotateKey(Supplier, number, newKey), bySponsor),
            4 => Try(state, BankA, new VetoRotation(Supplier, number), bySponsor),
            5 or 6 => Try(state, Supplier, new RevokeKey(number), Key(Supplier, 1)),
            _ => Try(
                Try(state, BankA, new ReportLost(Supplier), bySponsor),
                BankA, new Recover(Supplier, [number, (number + 1) % 5], role == KeyRole.Maker ? [newKey] : []), bySponsor),
        };
    }

    static LedgerState Try(LedgerState state, PartyId party, Operation operation, params KeyId[] signers) =>
        state.Judge(party, operation, signers) is Verdict.Accepted accepted
            ? accepted.Events.Aggregate(state, static (after, happened) => happened.Enact(after))
            : state;

    static bool CanAct(PartyKey key) => key is { Use: KeyUse.Signing, Role: not KeyRole.Checker };
}
