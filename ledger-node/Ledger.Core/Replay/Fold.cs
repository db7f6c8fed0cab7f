using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Core.Replay;

/// <summary>
/// The ledger as it folds batches into blocks. Live operation, recovery, a joining node and a verifier on somebody's laptop run this same code;
/// one writer at a time. A block that was stored is repeated from its own batch and must come out leaf for leaf.
/// </summary>
public sealed class Fold
{
    /// <summary>How many transactions one batch may bring: its skipped ones must fit into one leaf.</summary>
    public const int MaxBatch = 1_000;

    /// <summary>Deadlines fire in a block until they have counted so many; what leaves counts by its records. The rest waits for the next.</summary>
    public const int MaxSteps = 10_000;

    /// <summary>The newest version of the protocol that this program knows.</summary>
    public const uint KnownProtocol = 1;

    readonly StateTree tree;
    readonly List<(Change Newest, Hash256? Source)> taken = [];
    readonly HashSet<(Section, ByteString)> seen = [];
    readonly SetHash validatorSet = new();
    readonly SetHash ruleSet = new();
    readonly LinkedList<StepBack> stepsBack = [];

    // Held while a block is folded or taken back, and while the ledger is frozen beside whoever writes.
    readonly Lock gate = new();

    public Fold(Genesis genesis)
    {
        Genesis = genesis;
        History = new(genesis.Chain.Suite);
        tree = new(genesis.Chain.Suite, Sections.Count);
        State = genesis.State();
        Take(genesis.Text.Seed);
        GenesisRecords = WriteTree([]);
        Seal(Block.Of(null, [], HeaderNow(0, genesis.Text.Time, 0, 0)));
        GenesisBlock = Last;
    }

    Fold(Fold beginning, Block last, LedgerState state, StateTree tree, HistoryTree history)
    {
        Genesis = beginning.Genesis;
        GenesisBlock = beginning.GenesisBlock;
        GenesisRecords = beginning.GenesisRecords;
        Last = last;
        State = state;
        this.tree = tree;
        History = history;
    }

    /// <summary>
    /// The ledger that goes on behind a block: the state that the block left, its tree with every salt, and the history up to and with the block.
    /// Whoever calls has proved that they belong together.
    /// </summary>
    public static Fold After(Genesis genesis, Block last, LedgerState state, StateTree tree, HistoryTree history) =>
        new(new(genesis), last, state, tree, history);

    /// <summary>Up to which version of the protocol whoever folds knows the rules.</summary>
    public uint KnowsUpTo { get; init; } = KnownProtocol;

    public Genesis Genesis { get; }

    public Block GenesisBlock { get; }

    /// <summary>Everything that genesis writes into the state.</summary>
    public IReadOnlyList<StateRecord> GenesisRecords { get; }

    /// <summary>The last block.</summary>
    public Block Last { get; private set; } = null!;

    public LedgerState State { get; private set; }

    public HistoryTree History { get; }

    public Checkpoint Checkpoint => new(Genesis.Origin, History.Size, History.Root());

    /// <summary>A proof that a record is in the state under the last header's root, or is not.</summary>
    public StateProof Prove(Section section, ReadOnlySpan<byte> key) => tree.Prove((byte)section, key);

    /// <summary>The ledger behind the last block, which <paramref name="checkpoint"/> covers and ends with, for reading beside this fold.</summary>
    public FrozenLedger Freeze(Note checkpoint)
    {
        using var held = gate.EnterScope();
        return new(Genesis, Last.Header, State, tree.Freeze(), checkpoint, [.. History.InclusionProof(checkpoint.Checkpoint.Size - 1, checkpoint.Checkpoint.Size)]);
    }

    /// <summary>
    /// The ledger behind the block that <paramref name="checkpoint"/> ends with, whoever writes meanwhile: the last one, or one behind which everything can still be taken back. Null where the fold has gone further.
    /// </summary>
    public FrozenLedger? TryFreeze(Note checkpoint)
    {
        using var held = gate.EnterScope();
        var size = checkpoint.Checkpoint.Size;
        if (Last.EndLeaf == size) return Frozen(Last, State, tree.Freeze(), checkpoint);
        if (stepsBack.All(step => step.Before.EndLeaf != size)) return null;

        var before = tree.Freeze();
        for (var step = stepsBack.Last; step is not null; step = step.Previous)
        {
            Undo(before, step.Value);
            if (step.Value.Before.EndLeaf == size) return Frozen(step.Value.Before, step.Value.State, before, checkpoint);
        }

        return null;
    }

    // Between a block that turned out false half-way and its taking back, tree and state are of no block.
    FrozenLedger? Frozen(Block block, LedgerState state, StateTree at, Note checkpoint)
    {
        var size = checkpoint.Checkpoint.Size;
        return state.Height == block.Header.Height && at.Root() == block.Header.StateRoot ? new(Genesis, block.Header, state, at, checkpoint, [.. History.InclusionProof(size - 1, size)]) : null;
    }

    /// <summary>Whether this program knows the rules of the next block. Where votes raised the protocol further it must stop: what it would fold is another ledger.</summary>
    public bool KnowsNext => Knows(State);

    /// <summary>Whether it knows the rules of what comes behind a block that left this state.</summary>
    public bool Knows(LedgerState state) => state.Protocol.Number <= KnowsUpTo;

    /// <summary>The salt of a record, null where there is none.</summary>
    public Hash256? SaltOf(Section section, ReadOnlySpan<byte> key) => tree.TryGetSalt((byte)section, key, out var salt) ? salt : null;

    /// <summary>
    /// Whether a batch takes the next position: a validator's own next counter, properly signed, in the epoch of ordering that runs. A bad envelope
    /// takes none. A later epoch begins with its first envelope: that it may begin is for whoever orders to know, and for the quorum that makes it final.
    /// </summary>
    public bool Takes(Envelope envelope)
    {
        if (!KnowsNext || envelope.ChainId != Genesis.Chain.ChainId || envelope.Epoch < State.Ordering.Number || envelope.TransactionCount > MaxBatch) return false;
        if (State.Validator(envelope.Bank) is not { } validator) return false;
        if (envelope.Counter != (State.Clock(envelope.Bank)?.NextCounter ?? 1)) return false;
        return Genesis.Chain.Suite.Verify(validator.NodeKey, envelope.SignedBytes(), envelope.Signature.Span);
    }

    /// <summary>Whether the fold can go back behind the blocks that it folds: each then keeps what it overwrites until it is settled.</summary>
    public bool KeepsStepsBack { get; set; }

    /// <summary>A block up to which nothing is ever taken back.</summary>
    public void Settle(ulong height)
    {
        using var held = gate.EnterScope();
        while (stepsBack.First is { Value.Before.Header.Height: var before } && before < height) stepsBack.RemoveFirst();
    }

    /// <summary>Goes back to the block of a height as if none had been folded behind it, not even one that turned out false half-way.</summary>
    public void GoBackTo(ulong height)
    {
        using var held = gate.EnterScope();
        while (stepsBack.Last is { Value: var step } && step.Before.Header.Height >= height)
        {
            stepsBack.RemoveLast();
            Undo(tree, step);
            History.CutTo(step.Before.EndLeaf);
            (Last, State) = (step.Before, step.State);
        }

        taken.Clear();
        seen.Clear();
        if (Last.Header.Height > height) throw new InvalidOperationException($"Block {Last.Header.Height} is settled.");
    }

    static void Undo(StateTree tree, StepBack step)
    {
        for (var i = step.Overwritten.Count - 1; i >= 0; i--)
        {
            var (section, key, leaf) = step.Overwritten[i];
            if (leaf is { } was) tree.Put((byte)section, key.Span, was);
            else tree.Remove((byte)section, key.Span);
        }
    }

    sealed record StepBack(Block Before, LedgerState State, List<(Section Section, ByteString Key, StateLeaf? Leaf)> Overwritten);

    void Overwrites(Section section, ByteString key)
    {
        if (KeepsStepsBack) stepsBack.Last?.Value.Overwritten.Add((section, key, tree.LeafOf((byte)section, key.Span)));
    }

    /// <summary>Folds a batch whose envelope was taken.</summary>
    public FoldedBlock Append(Envelope envelope, IReadOnlyList<BatchItem> items)
    {
        using var held = gate.EnterScope();
        var opening = Open(envelope);
        var answers = new List<Answer>(items.Count);
        var entries = new List<EntryLeaf>(items.Count);
        var skipped = new List<Skipped>();
        foreach (var item in items) Answer(item, answers, entries, skipped);
        return Close(new(envelope, [.. skipped]), opening, answers, entries);
    }

    /// <summary>
    /// Folds a stored block's own batch again. <paramref name="fault"/> names the first leaf that is not what comes out; the fold is then of no
    /// further use. Signatures may be taken on trust for one's own disk: the roots are compared either way.
    /// </summary>
    public FoldedBlock? Repeat(Block stored, bool verifySignatures, out LeafFault? fault)
    {
        fault = null;
        if (stored.Envelope is not { } sealedBatch || stored.Header.Height != State.Height + 1)
        {
            fault = new(stored.Leaves.Count - 1, LeafFaultKind.HeaderDiffers);
            return null;
        }

        var items = new BatchItem[stored.Entries.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Read(stored.Entries[i], verifySignatures, out var kind, out var refused);
            if (kind is not { } wrong) continue;
            fault = new(i + 1, wrong, refused);
            return null;
        }

        if (verifySignatures && !Takes(sealedBatch.Envelope))
        {
            fault = new(0, LeafFaultKind.EnvelopeInvalid);
            return null;
        }

        if (Digest(sealedBatch, stored) != sealedBatch.Envelope.Digest)
        {
            fault = new(0, LeafFaultKind.EnvelopeDigestDiffers);
            return null;
        }

        using var held = gate.EnterScope();
        var opening = Open(sealedBatch.Envelope);
        var answers = new List<Answer>();
        var entries = new List<EntryLeaf>();
        var skippedAgain = new List<Skipped>();
        for (var i = 0; i < items.Length; i++)
        {
            Answer(items[i], answers, entries, skippedAgain);
            if (skippedAgain.Count == 0 && entries[i] == stored.Entries[i]) continue;
            fault = new(i + 1, LeafFaultKind.EntryCodeDiffers);
            return null;
        }

        var folded = Close(sealedBatch, opening, answers, entries);
        if (folded.Block.Payload.Span.SequenceEqual(stored.Payload.Span)) return folded;
        fault = new(stored.Leaves.Count - 1, LeafFaultKind.HeaderDiffers);
        return null;
    }

    BatchItem Read(EntryLeaf entry, bool verifySignatures, out LeafFaultKind? kind, out Refusal refusal)
    {
        kind = null;
        refusal = Refusal.None;
        var bytes = entry.Transaction.Memory;
        var transaction = TransactionText.Read(bytes, Genesis.Chain.Suite, Genesis.Chain.ChainId, out var refused);
        if (transaction is null)
        {
            kind = LeafFaultKind.EntryMalformed;
            refusal = refused?.Refusal ?? Refusal.Malformed;
            return default;
        }

        // A key may be registered by an earlier entry of the same block; then this item is verified when its turn comes.
        if (!verifySignatures) return new(bytes, new Authenticated(transaction, default));
        if (Authentication.Verify(State, transaction, out refused) is { } authentic) return new(bytes, authentic);
        if (refused?.Refusal == Refusal.KeyUnknown) return new(bytes, null);
        kind = LeafFaultKind.EntryUnauthentic;
        refusal = refused?.Refusal ?? Refusal.SignatureInvalid;
        return default;
    }

    // Positions that are not skipped are taken by the entries in order.
    Hash256 Digest(EnvelopeLeaf sealedBatch, Block stored)
    {
        var hashes = new Hash256[sealedBatch.Skipped.Count + stored.Entries.Count];
        int entry = 0, skipped = 0;
        for (var position = 0; position < hashes.Length; position++)
        {
            if (skipped < sealedBatch.Skipped.Count && sealedBatch.Skipped[skipped].Position == position)
                hashes[position] = sealedBatch.Skipped[skipped++].Hash;
            else if (entry < stored.Entries.Count)
                hashes[position] = Genesis.Chain.Suite.Hash(stored.Entries[entry++].Transaction.Span);
        }

        return Envelope.DigestOf(Genesis.Chain.Suite, hashes);
    }

    Opening Open(Envelope envelope)
    {
        var opened = new BlockOpened(State.Height + 1, TimeOf(envelope), envelope.Bank, envelope.Clock, envelope.Counter + 1, envelope.Epoch);
        var events = new List<LedgerEvent> { opened };
        var states = new List<LedgerState>();
        if (KeepsStepsBack) stepsBack.AddLast(new StepBack(Last, State, []));
        State = opened.Enact(State);
        for (var steps = 0; steps < MaxSteps && State.NextDeadline is { } due && due.At <= State.Now;)
        {
            var fired = Rulebook.Fire(State, due);
            events.Add(fired);

            // Of departures in a row the first one's serves all.
            if (fired is ThingLeft && events[^2] is ThingLeft) states.Add(states[^1]);
            else if (fired is ThingLeft) states.AddRange(Enumerable.Repeat(State, events.Count - states.Count));
            State = fired.Enact(State);
            steps += fired.Steps;
        }

        states.AddRange(Enumerable.Repeat(State, events.Count - states.Count));

        // Their salts come from what was there before the block.
        Take(null);
        var last = new List<StateRecord>();
        return new([.. events], states, WriteTree([], last), last);
    }

    readonly record struct Opening(ValueList<LedgerEvent> Events, IReadOnlyList<LedgerState> States, List<StateRecord> Written, List<StateRecord> WrittenLast);

    // The lower median of the validators' latest clocks, and never back: a minority cannot move time. For whoever has said none yet it stands still.
    Timestamp TimeOf(Envelope envelope)
    {
        var clocks = State.Validators.Select(validator => validator.Bank == envelope.Bank ? envelope.Clock : State.Clock(validator.Bank)?.Clock ?? State.Now).Order().ToArray();
        var median = clocks[(clocks.Length - 1) / 2];
        return median > State.Now ? median : State.Now;
    }

    void Answer(BatchItem item, List<Answer> answers, List<EntryLeaf> entries, List<Skipped> skipped)
    {
        var position = (uint)(entries.Count + skipped.Count);
        if (Authenticate(item, out var refused) is not { } transaction)
        {
            skipped.Add(new(position, (ushort)refused.Refusal, Genesis.Chain.Suite.Hash(item.Bytes.Span)));
            answers.Add(new(refused.Refusal, 0, refused.Facts, null, null, [], State.Now, null));
            return;
        }

        var decision = Rulebook.Decide(State, transaction);
        if (!decision.IsEntry || !Rulebook.IsWorthRecording(State, transaction, decision))
        {
            skipped.Add(new(position, (ushort)decision.Code, transaction.Hash));
            answers.Add(new(decision.Code, decision.Operation, decision.Facts, null, null, [], State.Now, transaction));
            return;
        }

        var recorded = Rulebook.Record(State, transaction, decision);
        State = decision.After;
        foreach (var happened in recorded) State = happened.Enact(State);
        Take(transaction.PayloadHash);

        // The envelope's leaf comes first, then the entries.
        answers.Add(new(
            decision.Code, decision.Operation, decision.Facts, State.Height, History.Size + 1 + (ulong)entries.Count, decision.Events, State.Now, transaction));
        entries.Add(new((ushort)decision.Code, (ushort)decision.Operation, new(transaction.Bytes)));
    }

    SignedTransaction? Authenticate(BatchItem item, out Verdict.Refused refused)
    {
        refused = new(Refusal.Malformed, Facts.None);
        if (item.Known is { } known && (known.Keys.Count == 0 || Authentication.StillHolds(State, known))) return known.Transaction;
        var transaction = TransactionText.Read(item.Bytes, Genesis.Chain.Suite, Genesis.Chain.ChainId, out var unread);
        if (transaction is null)
        {
            refused = unread ?? refused;
            return null;
        }

        if (Authentication.Verify(State, transaction, out var unauthentic) is { } authentic) return authentic.Transaction;
        refused = unauthentic ?? refused;
        return null;
    }

    FoldedBlock Close(EnvelopeLeaf envelope, Opening opening, List<Answer> answers, List<EntryLeaf> entries)
    {
        var written = WriteTree(opening.Written);
        var header = HeaderNow(State.Height, State.Now, (uint)entries.Count, (uint)envelope.Skipped.Count);
        Seal(Block.Of(envelope, [.. entries], header));
        return new(Last, opening.Events, answers, State, written) { OpeningStates = opening.States, WrittenLast = opening.WrittenLast };
    }

    Header HeaderNow(ulong height, Timestamp time, uint entries, uint skipped) => new(
        Genesis.Chain.ChainId, height, time, Last is null ? default : Last.Header.LeafHash(Genesis.Chain.Suite), History.Size, entries, skipped,
        tree.Root(), ValidatorSetHash(), RuleSetHash());

    void Seal(Block block)
    {
        foreach (var leaf in block.Leaves) History.Append(MerkleHash.OfLeaf(Genesis.Chain.Suite, leaf.Span));
        Last = block;
    }

    // Takes what was written since the last time, with the source of its salts: the writing transaction's payload, for genesis the seed, and for
    // deadlines, which have none, what was there before.
    void Take(Hash256? source)
    {
        if (State.Changes is { } newest) taken.Add((newest, source));
        State = State.WithoutChanges();
    }

    // Newest first: what the block or the act itself wrote over again is neither encoded nor hashed. What was written before, when the block was
    // opened, is told with it, but for what is now written over. What was written and then removed is told apart as it was last, where that is asked for.
    List<StateRecord> WriteTree(List<StateRecord> before, List<StateRecord>? last = null)
    {
        var suite = Genesis.Chain.Suite;
        var gone = last is null ? null : new HashSet<(Section, ByteString)>();
        var written = new List<StateRecord>();
        for (var i = taken.Count - 1; i >= 0; i--)
        {
            var (newest, source) = taken[i];
            for (Change? change = newest; change is not null; change = change.Earlier)
            {
                var key = new ByteString(change.Key);
                if (!seen.Add((change.Section, key)))
                {
                    if (gone?.Remove((change.Section, key)) == true && change.Value is { } lastly) last?.Add(new(change.Section, key, new ByteString(lastly), default));
                    continue;
                }

                var section = (byte)change.Section;
                Overwrites(change.Section, key);
                if (change.Value is not { } value)
                {
                    if (tree.Remove(section, key.Span)) written.Add(new(change.Section, key, null, default));
                    gone?.Add((change.Section, key));
                    continue;
                }

                var salt = source is { } known
                    ? Salts.ByTransaction(suite, known, section, key.Span)
                    : Salts.ByDeadline(suite, tree.TryGetSalt(section, key.Span, out var old) ? old : default, section, key.Span, State.Height);
                tree.Put(section, key.Span, value, salt);
                written.Add(new(change.Section, key, new ByteString(value), salt));
            }
        }

        taken.Clear();
        foreach (var record in before)
        {
            if (!seen.Contains((record.Section, record.Key))) written.Add(record);
        }

        seen.Clear();
        return written;
    }

    // Sets change once in a year, and stand in every header.
    Hash256 ValidatorSetHash() => validatorSet.Of(State.ValidatorSet, Genesis.Chain.Suite, fields =>
    {
        fields.Tag(0x19);
        foreach (var validator in State.Validators)
        {
            fields.Party(validator.Bank);
            fields.Bytes(validator.NodeKey);
        }
    });

    Hash256 RuleSetHash() => ruleSet.Of(State.RuleSets, Genesis.Chain.Suite, fields =>
    {
        fields.Tag(0x1A);
        foreach (var rules in State.RuleSets) Codecs.Rules(fields, Codecs.From(fields, rules.From), rules);
    });

    /// <summary>The hash of a set, for as long as it is the same one.</summary>
    sealed class SetHash
    {
        object? hashed;
        Hash256 hash;

        public Hash256 Of(object set, CryptoSuite suite, Action<Fields> write)
        {
            if (ReferenceEquals(set, hashed)) return hash;
            var fields = Fields.ToWrite();
            write(fields);
            (hashed, hash) = (set, suite.Hash(fields.Written));
            return hash;
        }
    }
}
