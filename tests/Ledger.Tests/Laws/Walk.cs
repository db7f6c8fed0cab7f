using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Laws;

/// <summary>Goes on with a story from one of its scenes: now with what it sends next, now with what nobody would send.</summary>
class Walk(Scene scene)
{
    int next = scene.Done;

    public LedgerState State { get; protected set; } = scene.State;

    public (SignedTransaction Asked, Refusal Code) Step(Random chance)
    {
        if (chance.Next(6) == 0) Pass(chance.Next(4) == 0 ? chance.Next(1, 400) * Timestamp.Day : chance.Next(1, 3_000) * Timestamp.Minute);
        var asked = chance.Next(2) == 0 && next < scene.Sent.Count ? Sent(scene.Sent[next++], chance) : Drawn(chance);
        return (asked, Ask(asked));
    }

    protected virtual Refusal Ask(SignedTransaction asked)
    {
        var decision = Rulebook.Decide(State, asked);
        MadeLaw.Holds(State, asked, decision);
        TwoWordsLaw.Holds(State, asked, decision);
        if (decision.IsEntry && Rulebook.IsWorthRecording(State, asked, decision))
            State = Rulebook.Record(State, asked, decision).Aggregate(decision.After, static (after, happened) => happened.Enact(after));
        return decision.Code;
    }

    protected virtual void Pass(long milliseconds)
    {
        var now = State.Now.Add(milliseconds);
        State = new BlockOpened(State.Height + 1, now, State.Validators.First().Bank, now, State.Height + 2, State.Ordering.Number).Enact(State);
        for (var fired = 0; fired < 200 && State.NextDeadline is { } due && due.At <= State.Now; fired++) State = Rulebook.Fire(State, due).Enact(State);
    }

    SignedTransaction Sent(SignedTransaction sent, Random chance) =>
        Signed(sent.Body, chance.Next(4) > 0 ? sent.Body.Operations : [.. sent.Body.Operations.Select(new Wild(State, chance).Changed)], sent.Signers, chance);

    // What the story sent about here, with members that are different, or nothing but chance; several at once.
    SignedTransaction Drawn(Random chance)
    {
        var wild = new Wild(State, chance);
        var near = Math.Max(0, next - 12);
        Transaction Pick() => scene.Sent[chance.Next(near, Math.Min(scene.Sent.Count, next + 12))].Body;
        var like = Pick();
        var operations = new List<Operation>();
        for (var count = chance.Next(1, 4); count > 0; count--)
        {
            var known = (operations.Count == 0 ? like : Pick()).Operations;
            var operation = known[chance.Next(known.Count)];
            operations.Add(chance.Next(4) switch { 0 => wild.Next(), 1 => wild.Changed(wild.Again(operation)), 2 => wild.Changed(operation), _ => wild.Again(operation) });
        }

        var parties = State.AllParties.Select(party => party.Id).Order().ToArray();
        var by = chance.Next(5) == 0 ? parties[chance.Next(parties.Length)] : like.Party;
        var signers = SignersOf(parties, chance).Append(new(by, 1)).Distinct().Order().ToArray();
        return Signed(like with { Party = by }, [.. operations], [.. signers], chance);
    }

    SignedTransaction Signed(Transaction like, ValueList<Operation> operations, ValueList<KeyId> signers, Random chance)
    {
        var body = like with
        {
            Id = new(((UInt128)(ulong)chance.NextInt64(1, long.MaxValue) << 64) | (ulong)chance.NextInt64()),
            Expires = State.Now.Add(chance.Next(20) == 0 ? 2 * Timestamp.Day : 5 * Timestamp.Minute),
            Operations = operations,
        };
        return new(body, default, new(1, 1), new(body.Id.Value, 2), signers, default);
    }

    // Everybody, somebody, or nobody beside whoever acts.
    IEnumerable<KeyId> SignersOf(PartyId[] parties, Random chance)
    {
        var among = chance.Next(4) switch { 0 or 1 => parties, 2 => [parties[chance.Next(parties.Length)]], _ => [] };
        foreach (var party in among)
        {
            for (uint number = 1; number <= (State.Party(party)?.LastKey ?? 0); number++)
            {
                if (State.Key(new(party, number)) is { Use: KeyUse.Signing } key && key.IsValidAt(State.Now)) yield return new(party, number);
            }
        }
    }
}
