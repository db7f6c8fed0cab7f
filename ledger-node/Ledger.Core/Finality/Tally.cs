using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Core.Finality;

/// <summary>
/// The votes of one epoch, counted. What a bank said of one size first stands: by another root for it the bank proves its own breach and helps no other block. Lines at or below what is final
/// are forgotten, and of each bank and kind no more are kept than blocks may wait.
/// </summary>
public sealed class Tally(ValidatorSet set, uint epoch)
{
    readonly Dictionary<PartyId, Said> banks = [];
    ulong final;

    /// <summary>Counts a good vote of the epoch; comes back with the line that it contradicts, of a vote before.</summary>
    public Evidence? Take(Vote vote)
    {
        if (vote.Epoch != epoch || set.KeyOf(vote.Bank) is null) return null;
        if (!banks.TryGetValue(vote.Bank, out var said)) banks[vote.Bank] = said = new();
        Evidence? breach = null;
        for (var i = 0; i < vote.Lines.Count; i++)
        {
            var line = vote.Lines[i];
            if (line.Size <= final) continue;
            if (said.At(line.Size) is { } before && before.Root != line.Root)
            {
                breach ??= new(before.Vote, before.Line, vote, (byte)i, line.Root, []);
                continue;
            }

            said.Of(line.Kind).TryAdd(line.Size, new(line.Root, line.Signature, vote, (byte)i));
        }

        said.Trim();
        if (vote.Sequence > (said.Newest?.Sequence ?? 0)) said.Newest = vote;
        return breach;
    }

    /// <summary>The newest vote of a bank that was counted.</summary>
    public Vote? NewestOf(PartyId bank) => banks.GetValueOrDefault(bank)?.Newest;

    /// <summary>A quorum's certificate of a block; null while there is none.</summary>
    public Certificate? CertificateOf(BlockPoint block)
    {
        if (block.Epoch != epoch) return null;
        var signers = SignersOf(VoteKind.Prepare, block);
        return signers.Count < set.Quorum ? null : new(block, [.. signers.Take(Certificate.MaxSigners)]);
    }

    /// <summary>A quorum's checkpoint of a block, by which it is final; null while there is none.</summary>
    public Note? FinalNoteOf(BlockPoint block)
    {
        if (block.Epoch != epoch) return null;
        var signers = SignersOf(VoteKind.Commit, block);
        if (signers.Count < set.Quorum) return null;
        return new(new(set.Origin, block.Size, block.Root), [.. signers.Take(Note.MaxSignatures).Select(LineOf)]);

        NoteSignature LineOf(BankSignature signer) =>
            new(set.Origin, set.KeyOf(signer.Bank) is { } key ? set.Suite.NoteKeyId(set.Origin, key) : 0, signer.Signature);
    }

    /// <summary>Forgets what was said of blocks up to a final one, and finds room for what a bank said of blocks that were too far ahead.</summary>
    public void Forget(ulong finalSize)
    {
        final = Math.Max(final, finalSize);
        foreach (var said in banks.Values)
        {
            said.Forget(final);
            if (said.Newest is { } newest) Take(newest);
        }
    }

    List<BankSignature> SignersOf(VoteKind kind, BlockPoint block)
    {
        var signers = new List<BankSignature>();
        foreach (var (bank, said) in banks.OrderBy(static one => one.Key))
        {
            if (said.Of(kind).TryGetValue(block.Size, out var line) && line.Root == block.Root) signers.Add(new(bank, line.Signature));
        }

        return signers;
    }

    sealed record Heard(Hash256 Root, ByteString Signature, Vote Vote, byte Line);

    sealed class Said
    {
        readonly SortedDictionary<ulong, Heard> prepares = [];
        readonly SortedDictionary<ulong, Heard> commits = [];

        public Vote? Newest { get; set; }

        public Heard? At(ulong size) => prepares.GetValueOrDefault(size) ?? commits.GetValueOrDefault(size);

        public SortedDictionary<ulong, Heard> Of(VoteKind kind) => kind == VoteKind.Prepare ? prepares : commits;

        // Who keeps the rules never has more that is not final: what is furthest ahead is taken later.
        public void Trim()
        {
            foreach (var heard in (SortedDictionary<ulong, Heard>[])[prepares, commits])
            {
                while (heard.Count > Vote.MaxBlocks) heard.Remove(heard.Keys.Last());
            }
        }

        public void Forget(ulong final)
        {
            foreach (var heard in (SortedDictionary<ulong, Heard>[])[prepares, commits])
            {
                while (heard.Count > 0 && heard.Keys.First() <= final) heard.Remove(heard.Keys.First());
            }
        }
    }
}
