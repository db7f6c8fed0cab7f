using System.Globalization;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Evm;

namespace Ledger.Node.Anchoring;

/// <summary>How anchoring on one chain stands, for whoever looks.</summary>
public sealed record AnchorStanding(
    string Name, ulong Chain, EvmAddress Contract, EvmAddress Account, ulong? Anchored, Timestamp? AnchoredSince, AnchorStep? Step, int Attempts, ulong? FinalSize, UInt128? Balance, UInt128 SpentToday, bool IsForked,
    AnchorTrouble? Trouble)
{
    /// <summary>Which of the contracts it is; null before it was found.</summary>
    public AnchorArtifact? Artifact { get; init; }
}

/// <summary>
/// Sends a ledger's checkpoints to the contract on one chain, one anchor after the other. Nothing is given away that is not on disk first, an anchor's transactions have one
/// nonce, and the same octets are sent again until the chain has one of them: nothing is carried out twice, and nothing is lost by a stop between any two steps. Each turn asks the chain how it is and
/// goes one step; whoever calls again goes on. The ledger waits for none of it. Where the banks changed, the contract is first given their new set, by the words of the former.
/// </summary>
/// <param name="target">The contract, and what it may cost.</param>
/// <param name="chain">On which it is.</param>
/// <param name="signer">Who pays.</param>
/// <param name="store">What must last.</param>
/// <param name="history">What is anchored.</param>
/// <param name="words">The words that banks give for a rotation, their own and others'; none of them is believed before it is verified.</param>
/// <param name="time">By which turns are counted.</param>
public sealed class AnchorRelayer(
    AnchorTarget target, EvmChain chain, IEvmSigner signer, AnchorStore store, AnchoredHistory history, Func<AnchorRotation, CancellationToken, Task<IReadOnlyCollection<RotationWord>>> words, TimeProvider time)
{
    // An anchor of 64 banks and 2⁶³ leaves costs less. What an endpoint estimates beyond is not believed.
    const ulong MaxGas = 1_500_000;
    const ulong GasOfNothing = 21_000;

    // Where endpoints advise no tip.
    const ulong PlainTip = AnchorTarget.Gwei;

    AnchorContract? contract;
    AnchoredLedger? anchored;
    AnchoredLedger? believed;
    Note? asked;
    (Note Note, uint Set, (ulong, byte[]) Signed)? gathered;
    UInt128? balance;
    AnchorTrouble? trouble;
    AnchorRotation? due;

    /// <summary>Goes one step where there is one to go. True: call again at once; false: nothing is to be done before time passes.</summary>
    /// <exception cref="IOException">What must last could not be kept; nothing was given away.</exception>
    public async Task<bool> StepAsync(CancellationToken cancel)
    {
        try
        {
            var goesOn = await TurnAsync(cancel);
            Trouble = null;
            return goesOn;
        }
        catch (AnchorStopped stopped)
        {
            Trouble = stopped.Trouble;
        }
        catch (EvmException fault)
        {
            Volatile.Write(ref believed, null);
            Trouble = new(CodeOf(fault), fault.Message);
        }

        return false;
    }

    /// <summary>
    /// Asks banks for their words over a text, for contracts that take words of anchor keys: this bank's own and its peers', of which nothing is believed before it is verified. Nobody gives any where it is not set.
    /// </summary>
    public Func<AnchorAsk, CancellationToken, Task<IReadOnlyList<GivenWords>>> Gather { get; init; } = static (_, _) => Task.FromResult<IReadOnlyList<GivenWords>>([]);

    /// <summary>What the contract is, once it was found to be one of this program's and for ledgers like this one.</summary>
    public AnchorArtifact? Artifact => Volatile.Read(ref contract)?.Artifact;

    /// <summary>
    /// What this bank gives its word for when it is asked for a checkpoint of a size, and the set whose words count: the text by its own ledger. Null unless the checkpoint is final here, a block ends there, it is
    /// longer than what is anchored, and the contract, as this bank's own endpoints told it in the last turn, takes words and has anchored nothing but this ledger's history.
    /// </summary>
    public (byte[] Text, SignerSet Set)? WordOnCheckpoint(ulong size) =>
        Volatile.Read(ref believed) is { } ledger && Artifact is { TakesWords: true } && size > ledger.Size && history.CheckpointText(size) is { } text ? (text, ledger.Signers) : null;

    /// <summary>The same of the rotation that is due.</summary>
    public (byte[] Text, SignerSet Set)? WordOnRotation() =>
        Volatile.Read(ref believed) is { } ledger && Artifact is { TakesWords: true } && Due is { } rotation && rotation.Number == ledger.SetNumber + 1 ? (rotation.SignedBytes(), ledger.Signers) : null;

    /// <summary>As banks ask each other about it.</summary>
    public string Anchor => string.Create(CultureInfo.InvariantCulture, $"{target.Chain}/{target.At}/{target.Id}");

    /// <summary>What stands against it since the last turn; null where nothing does.</summary>
    public AnchorTrouble? Trouble
    {
        get => Volatile.Read(ref trouble);
        private set => Volatile.Write(ref trouble, value);
    }

    /// <summary>The rotation that this node finds due by what the contract said in the last turn and its own ledger says now; null where the set in force is the banks' own. Nothing else does it sign.</summary>
    public AnchorRotation? Due
    {
        get => Volatile.Read(ref due) is { } found && found.Next == BanksOwn() ? found : null;
        private set => Volatile.Write(ref due, value);
    }

    /// <summary>Asked by the thread that steps.</summary>
    public AnchorStanding Standing()
    {
        var job = store.UnderWay(target.Name);
        var final = store.LastFinal(target.Name) is { Mined: { } mined } last ? store.Attempts(last).FirstOrDefault(one => one.Signed.Hash == mined.Transaction)?.Size : null;
        return new(
            target.Name, target.Chain, target.At, signer.Address, anchored?.Size, anchored is { } now ? store.Seen(target.Name, now.Size, Now) : null, job?.Step, job is null ? 0 : store.Attempts(job).Count, final, balance,
            store.SpentSince(target.Name, Today, null), anchored is { IsForked: true }, Trouble) { Artifact = Artifact };
    }

    Timestamp Now => new(time.GetUtcNow().ToUnixTimeMilliseconds());

    Timestamp Today => new(new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds());

    async Task<bool> TurnAsync(CancellationToken cancel)
    {
        await chain.ConfirmAsync(cancel);
        var head = await chain.HeadAsync(cancel);
        var found = await PinnedAsync(head.Number, cancel);
        if (await found.LedgerAsync(target.Id, head.Number, cancel) is not { } ledger) throw Disbelieved(Refusal.AnchorNotOpen, target.Ledger);
        anchored = ledger;
        Due = BanksOwn() is { } next && next != ledger.Signers ? new(target.Chain, target.At, target.Id, ledger.SetNumber + 1, next) : null;
        balance = await chain.BalanceAsync(signer.Address, head.Number, cancel);
        var since = store.Seen(target.Name, ledger.Size, Now);
        if (ledger.Size > 0 && history.RootAt(ledger.Size) is { } own && own != ledger.Root)
            throw Disbelieved(Refusal.AnchorContradicts, string.Create(CultureInfo.InvariantCulture, $"{ledger.Size}: {ledger.Root}, {own}"));
        Volatile.Write(ref believed, ledger);

        return store.UnderWay(target.Name) is { } job
            ? job.Step switch
            {
                AnchorStep.Queued => await SignAsync(job, head, ledger, cancel),
                AnchorStep.Signed => await FirstSendAsync(job, ledger, cancel),
                AnchorStep.Broadcast => await WaitForBlockAsync(job, head, ledger, cancel),
                AnchorStep.Mined => await WaitForBlocksAsync(job, head, ledger, cancel),
                AnchorStep.Confirmed => await WaitForFinalityAsync(job, head, cancel),
                AnchorStep.Final or AnchorStep.Superseded or AnchorStep.Spent => throw new System.Diagnostics.UnreachableException("It is over."),
            }
            : await BeginAsync(ledger, since, cancel);
    }

    // What was pinned once is not asked for again: code does not change.
    async Task<AnchorContract> PinnedAsync(ulong block, CancellationToken cancel)
    {
        if (contract is { } known) return known;
        if (await AnchorContract.FindAsync(chain, target.At, block, cancel) is not { } found || !found.Artifact.IsFor(history.Suite.Name)) throw Disbelieved(Refusal.AnchorContractIsAnother, target.Contract);
        Volatile.Write(ref contract, found);
        return found;
    }

    // Who gives his word for the next anchor says that it goes on from this one.
    AnchorStopped Disbelieved(Refusal code, string words)
    {
        Volatile.Write(ref believed, null);
        return new(code, words);
    }

    // The set that should be in force; null where not all banks have announced a key.
    SignerSet? BanksOwn() => Artifact is { TakesWords: true } ? history.Announced().Set : history.Signers();

    bool HasWaited(Timestamp since, TimeSpan time) => Now.UnixMilliseconds - since.UnixMilliseconds >= (long)time.TotalMilliseconds;

    // The first of a ledger is due at once. Whose rank is later waits so many turns, and by then finds it done.
    async Task<bool> BeginAsync(AnchoredLedger ledger, Timestamp since, CancellationToken cancel)
    {
        var turn = target.Rank * TimeSpan.FromMinutes(target.TurnMinutes);
        var pause = ledger.Size == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(target.EveryMinutes);
        var isDue = history.Newest().Checkpoint.Size > ledger.Size && HasWaited(since, pause + turn);
        if (!isDue && !(Due is { } rotation && HasWaited(store.Seen($"{target.Name} set", rotation.Number, Now), turn) && await WordsAsync(rotation, ledger, cancel) is not null))
        {
            RequireAnnounced();
            return false;
        }

        store.Begin(target.Name, Now);
        return true;
    }

    async Task<bool> SignAsync(AnchorJob job, EvmHead head, AnchoredLedger ledger, CancellationToken cancel)
    {
        if (!IsBehind(ledger)) return End(job, AnchorStep.Superseded);
        var nonce = await chain.NonceAsync(signer.Address, head.Number, cancel);
        if (store.NonceBehind(target.Name) is { } behind && behind > nonce)
            throw new AnchorStopped(Refusal.AnchorNoQuorum, string.Create(CultureInfo.InvariantCulture, $"nonce {nonce}, {behind}"));
        var fees = await FeesAsync(head, cancel);
        if (await SignAsync(ledger, nonce, fees, cancel) is not { } attempt) return End(job, AnchorStep.Superseded);
        store.Keep(job with { Step = AnchorStep.Signed, Nonce = nonce }, attempt);
        return true;
    }

    // Nobody has what was signed: where the chain went on meanwhile it is thrown away.
    async Task<bool> FirstSendAsync(AnchorJob job, AnchoredLedger ledger, CancellationToken cancel)
    {
        var attempt = store.Attempts(job)[0];
        if (!attempt.FollowsOn(ledger))
        {
            store.Requeue(job);
            return true;
        }

        // From here on somebody else may have it, whatever becomes of this process.
        store.Keep(job with { Step = AnchorStep.Broadcast });
        await SendAsync(attempt, cancel);
        return false;
    }

    async Task<bool> WaitForBlockAsync(AnchorJob job, EvmHead head, AnchoredLedger ledger, CancellationToken cancel)
    {
        var attempts = store.Attempts(job);
        if (await FindAsync(attempts, cancel) is { } mined)
        {
            store.Keep(job with { Step = AnchorStep.Mined, Mined = mined });
            return true;
        }

        var newest = attempts[0];
        if (await IsNonceGoneAsync(job, head, cancel)) return End(job, AnchorStep.Spent);
        var age = Now.UnixMilliseconds - newest.At.UnixMilliseconds;
        var isSlow = age >= target.BumpSeconds * 1000L;

        // What goes on from an anchor that is not there any more would fail, and so would one that was overtaken; that one is cheap, and may be this one, not seen yet.
        var isStale = !newest.FollowsOn(ledger) && (newest.Rotates || newest.Size > ledger.Size);
        if (isSlow || isStale || head.BaseFee > newest.Signed.Transaction.Fees.Max) return await ReplaceAsync(job, newest, head, ledger, cancel);
        if (!await chain.IsKnownAsync(newest.Signed.Hash, cancel) && await SendAsync(newest, cancel) == SendAnswer.Underpriced) return await ReplaceAsync(job, newest, head, ledger, cancel);
        return false;
    }

    // Another transaction took the nonce, so deep in the chain that it stays.
    async Task<bool> IsNonceGoneAsync(AnchorJob job, EvmHead head, CancellationToken cancel) =>
        head.Number >= (ulong)target.Confirmations && await chain.NonceAsync(signer.Address, head.Number - (ulong)target.Confirmations, cancel) > job.Nonce;

    // The same nonce, more money, and what is true now: the newest checkpoint behind what is anchored, or nothing at all where somebody else was first.
    async Task<bool> ReplaceAsync(AnchorJob job, AnchorAttempt before, EvmHead head, AnchoredLedger ledger, CancellationToken cancel)
    {
        var (wanted, bumped) = (await FeesAsync(head, cancel), before.Signed.Transaction.Fees.Bumped());
        var fees = new EvmFees(Math.Max(wanted.Max, bumped.Max), bumped.Tip is { } tip ? Math.Max(tip, wanted.Tip ?? 0) : null);
        if (fees.Max > target.MaxFee) throw new AnchorStopped(Refusal.AnchorTooDear, string.Create(CultureInfo.InvariantCulture, $"{fees.Max} wei"));
        var nonce = before.Signed.Transaction.Nonce;
        var attempt = await SignAsync(ledger, nonce, fees, cancel) ?? await ClearAsync(nonce, fees, cancel);
        store.Keep(job, attempt);
        await SendAsync(attempt, cancel);
        return false;
    }

    async Task<bool> WaitForBlocksAsync(AnchorJob job, EvmHead head, AnchoredLedger ledger, CancellationToken cancel)
    {
        if (await IsMovedAsync(job, cancel) is { } moved) return moved;
        if (job.Mined is not { } mined || head.Number < mined.Block + (ulong)target.Confirmations - 1) return false;
        var done = store.Attempts(job).First(one => one.Signed.Hash == mined.Transaction);
        if (!mined.Succeeded || done.Size == 0) return End(job, done.Rotates || IsBehind(ledger) ? AnchorStep.Spent : AnchorStep.Superseded);
        store.Keep(job with { Step = AnchorStep.Confirmed });
        return true;
    }

    async Task<bool> WaitForFinalityAsync(AnchorJob job, EvmHead head, CancellationToken cancel)
    {
        if (await IsMovedAsync(job, cancel) is { } moved) return moved;
        if (job.Mined is not { } mined) return false;

        // A chain that tells no finality is believed after so many blocks.
        var last = await chain.FinalizedAsync(cancel) ?? (head.Number >= (ulong)target.FinalAfter ? head.Number - (ulong)target.FinalAfter : null);
        return mined.Block <= last && End(job, AnchorStep.Final);
    }

    /// <summary>Whether the chain took the job's block back: then it is looked for anew, and this says what the turn answers; null while it stands.</summary>
    async Task<bool?> IsMovedAsync(AnchorJob job, CancellationToken cancel)
    {
        var mined = await FindAsync(store.Attempts(job), cancel);
        if (mined == job.Mined) return null;
        store.Keep(job with { Step = mined is null ? AnchorStep.Broadcast : AnchorStep.Mined, Mined = mined });
        return true;
    }

    async Task<MinedAt?> FindAsync(IReadOnlyList<AnchorAttempt> attempts, CancellationToken cancel)
    {
        foreach (var one in attempts)
        {
            if (await chain.ReceiptAsync(one.Signed.Hash, cancel) is not { } receipt) continue;
            var price = receipt.Price > 0 ? receipt.Price : one.Signed.Transaction.Fees.Max;
            return new(one.Signed.Hash, receipt.Block, receipt.BlockHash, receipt.Succeeded, receipt.GasUsed * price);
        }

        return null;
    }

    bool End(AnchorJob job, AnchorStep step)
    {
        store.Keep(job with { Step = step });
        return true;
    }

    // Another set of signers, or more leaves than are anchored.
    bool IsBehind(AnchoredLedger ledger) => Due is not null || history.Newest().Checkpoint.Size > ledger.Size;

    // The banks' set first; where the former has not spoken, what enough of it signed; null where there is nothing of either.
    async Task<AnchorAttempt?> SignAsync(AnchoredLedger ledger, ulong nonce, EvmFees fees, CancellationToken cancel)
    {
        if (Due is { } rotation && await WordsAsync(rotation, ledger, cancel) is { } signed) return await SignRotationAsync(rotation, signed, nonce, fees, cancel);
        var note = history.Newest();
        return note.Checkpoint.Size > ledger.Size ? await SignAnchorAsync(note, ledger, nonce, fees, cancel) : null;
    }

    async Task<(ulong, byte[])?> WordsAsync(AnchorRotation rotation, AnchoredLedger ledger, CancellationToken cancel) => Artifact is { TakesWords: true }
        ? (await GatherAsync(new(Anchor, Size: null, ledger.Signers, new(rotation.SignedBytes())), cancel)).Signed
        : rotation.SignedBy(ledger.Signers, history.Suite, await words(rotation, cancel));

    async Task<AnchorWords> GatherAsync(AnchorAsk ask, CancellationToken cancel) => AnchorWords.Gather(ask, await Gather(ask, cancel));

    // Anchors of the set in force go on meanwhile, so that it is told where nothing else is to be done.
    void RequireAnnounced()
    {
        if (Artifact is { TakesWords: true } && history.Announced() is { Set: null } announced)
            throw new AnchorStopped(Refusal.AnchorKeyNotAnnounced, string.Join(", ", announced.Missing.Select(static bank => bank.Text).DefaultIfEmpty("two banks, one key 两家银行，同一密钥")));
    }

    /// <summary>
    /// A checkpoint with a quorum's signatures. A note has those of a ledger's own keys under it. Words of anchor keys are asked for, of the newest checkpoint first, and of that one again until enough of them know
    /// it too: were each turn to ask for a newer one, banks that are a moment behind would never have it. What was gathered is kept, so that a transaction that is outbid asks nobody again.
    /// </summary>
    async Task<(Note Note, (ulong, byte[]) Signed)> SignedCheckpointAsync(Note newest, AnchoredLedger ledger, CancellationToken cancel)
    {
        if (Artifact is not { TakesWords: true })
        {
            return (newest, ledger.Signers.SignaturesUnder(newest, history.Suite)
                ?? throw new AnchorStopped(Refusal.AnchorSetOutdated, string.Create(CultureInfo.InvariantCulture, $"{ledger.SetNumber}, {newest.Checkpoint.Size}")));
        }

        if (gathered is { } kept && kept.Set == ledger.SetNumber && kept.Note.Checkpoint.Size > ledger.Size) return (kept.Note, kept.Signed);
        if (asked is null || asked.Checkpoint.Size <= ledger.Size) asked = newest;
        var words = await GatherAsync(new(Anchor, asked.Checkpoint.Size, ledger.Signers, new(asked.Checkpoint.SignedBytes())), cancel);
        if (words.Signed is not { } signed) throw new AnchorStopped(Refusal.AnchorWordsMissing, string.Create(CultureInfo.InvariantCulture, $"{asked.Checkpoint.Size}: {words}"));
        gathered = (asked, ledger.SetNumber, signed);
        return (asked, signed);
    }

    async Task<AnchorAttempt> SignRotationAsync(AnchorRotation rotation, (ulong, byte[]) signed, ulong nonce, EvmFees fees, CancellationToken cancel)
    {
        var data = AnchorContract.Rotate(target.Id, rotation.Next, signed);
        var gas = await GasAsync(data, cancel);
        return await KeptAsync(new(target.Chain, nonce, target.At, new(data), gas, fees), rotation.Number - 1, 0, rotation.Next.Hash(), cancel);
    }

    async Task<AnchorAttempt> SignAnchorAsync(Note newest, AnchoredLedger ledger, ulong nonce, EvmFees fees, CancellationToken cancel)
    {
        var (note, signed) = await SignedCheckpointAsync(newest, ledger, cancel);
        var checkpoint = note.Checkpoint;
        var proof = ledger.Size == 0 || Artifact is not { ProvesHistory: true } ? [] : history.Proof(ledger.Size, note);
        var data = AnchorContract.Anchor(target.Id, ledger.Size, checkpoint, proof, signed);
        var gas = await GasAsync(data, cancel);
        return await KeptAsync(new(target.Chain, nonce, target.At, new(data), gas, fees), ledger.Size, checkpoint.Size, checkpoint.Root, cancel);
    }

    Task<AnchorAttempt> ClearAsync(ulong nonce, EvmFees fees, CancellationToken cancel) => KeptAsync(new(target.Chain, nonce, signer.Address, default, GasOfNothing, fees), 0, 0, default, cancel);

    async Task<AnchorAttempt> KeptAsync(EvmTransaction transaction, ulong from, ulong size, Hash256 root, CancellationToken cancel)
    {
        RequireBudget(transaction);
        try
        {
            return new(await signer.SignAsync(transaction, cancel), from, size, root, Now);
        }
        catch (EvmException fault)
        {
            throw new AnchorStopped(Refusal.AnchorNotSigned, fault.Message);
        }
    }

    // One of a nonce is carried out, so that the dearest counts and not the sum.
    void RequireBudget(EvmTransaction transaction)
    {
        var spent = store.SpentSince(target.Name, Today, store.UnderWay(target.Name));
        if (spent + transaction.Cost > target.BudgetADay)
            throw new AnchorStopped(Refusal.AnchorTooDear, string.Create(CultureInfo.InvariantCulture, $"{spent} + {transaction.Cost} > {target.BudgetADay} wei"));
    }

    // The contract is asked first: what it would refuse is not paid for.
    async Task<ulong> GasAsync(byte[] data, CancellationToken cancel)
    {
        try
        {
            var gas = await chain.GasAsync(signer.Address, target.At, data, cancel);
            return gas <= MaxGas ? gas + (gas / 5) : throw new AnchorStopped(Refusal.AnchorTooDear, string.Create(CultureInfo.InvariantCulture, $"{gas} gas"));
        }
        catch (EvmException refused) when (refused.Kind == EvmFaultKind.Refused)
        {
            var code = EvmChain.AnswerOf(refused) == SendAnswer.NoFunds ? Refusal.AnchorOutOfFunds : Refusal.AnchorCallRefused;
            throw new AnchorStopped(code, Artifact?.ErrorOf(refused.Reason) ?? refused.Message);
        }
    }

    // Twice the base fee is enough for six full blocks behind one another.
    async Task<EvmFees> FeesAsync(EvmHead head, CancellationToken cancel)
    {
        if (target.Legacy || head.BaseFee is not { } baseFee) return Bounded(new(await chain.GasPriceAsync(cancel), null), 0);
        var tip = Math.Min(await chain.TipAsync(cancel) ?? PlainTip, target.MaxFee);
        return Bounded(new(Math.Min(target.MaxFee, (2 * Math.Min(baseFee, target.MaxFee)) + tip), tip), baseFee);
    }

    EvmFees Bounded(EvmFees fees, ulong least) => fees.Max <= target.MaxFee && least <= target.MaxFee
        ? fees
        : throw new AnchorStopped(Refusal.AnchorTooDear, string.Create(CultureInfo.InvariantCulture, $"{Math.Max(fees.Max, least)} wei"));

    async Task<SendAnswer> SendAsync(AnchorAttempt attempt, CancellationToken cancel)
    {
        var (answer, words) = await chain.SendAsync(attempt.Signed, cancel);
        return answer switch
        {
            SendAnswer.Taken or SendAnswer.NonceUsed or SendAnswer.Underpriced => answer,
            SendAnswer.NoFunds => throw new AnchorStopped(Refusal.AnchorOutOfFunds, words),
            SendAnswer.NotTaken => throw new AnchorStopped(Refusal.AnchorCallRefused, words),
        };
    }

    static Refusal CodeOf(EvmException fault) => fault.Kind switch
    {
        EvmFaultKind.OtherChain => Refusal.AnchorChainIsAnother,
        EvmFaultKind.NotReached or EvmFaultKind.Malformed or EvmFaultKind.Disagree or EvmFaultKind.Refused => Refusal.AnchorNoQuorum,
    };
}
