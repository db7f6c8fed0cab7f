using System.Text;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Node.Drafts;

/// <summary>A draft as it is kept now, or why it is not.</summary>
public readonly record struct DraftTaken(Draft? Draft, Refusal Refusal = Refusal.None, string? Reason = null);

/// <summary>Up to which change of the giver's a page reaches, and whether it was heard to its end.</summary>
public readonly record struct DraftsHeard(ulong Through, bool IsWhole);

/// <summary>
/// Keeps transactions that wait for signatures, outside the ledger and for no longer than they are good. It holds no key: what it keeps, keys that the final ledger knows have signed, the first of
/// them one of the acting party, which is charged with what it takes up.
/// </summary>
public sealed class DraftDesk(DraftBook book, LedgerReader ledger)
{
    public const int MostOfParty = 64;
    public const int MostBytesOfParty = 1024 * 1024;

    /// <summary>Of all parties of one sponsor, its own not counted: neither does a bank fill another's room, nor do its customers fill the bank's.</summary>
    public const int MostOfSponsor = 1_024;
    public const int MostBytesOfSponsor = 16 * 1024 * 1024;

    /// <summary>A page for another bank ends with the first draft beyond so many octets.</summary>
    const int PageBytes = 512 * 1024;

    /// <summary>Why somebody does not sign, in characters.</summary>
    public const int LongestReason = 200;

    readonly Lock gate = new();
    ulong lastChange = book.All.Select(static draft => draft.Change).Append(0UL).Max();

    /// <summary>The drafts in which a party has part, the newest change first.</summary>
    public IEnumerable<Draft> Of(PartyId party) => All.Where(draft => draft.Concerns(party));

    public IEnumerable<Draft> All => book.All.Where(IsGood).OrderByDescending(static draft => draft.Change);

    public Draft? Find(PartyId party, Id<Transaction> id) => book.Find(party, id) is { } draft && IsGood(draft) ? draft : null;

    // The final ledger says whose keys are good: what is only under way may be given up.
    LedgerState State => ledger.View.State.Untracked().At(ledger.View.Header.Height, ledger.LedgerTime);

    /// <summary>
    /// Why a text is not taken: a signature that is not its signer's, a key that is not good now, an acting party that is not on the ledger or has not signed; null where nothing is against it.
    /// </summary>
    public Verdict.Refused? Judge(SignedInPart text)
    {
        var state = State;
        if (Authentication.Verify(state, text.Signed, out var refused) is null) return refused;
        foreach (var signer in text.Announced)
        {
            if (Authentication.PublicKey(state, text.Signed.Body, signer) is null) return Verdict.No(Refusal.KeyUnknown, signer.ToString());
            if (state.Key(signer)?.IsValidAt(state.Now) == false) return Verdict.No(Refusal.KeyNotValid, signer.ToString());
        }

        // Who is only to be registered has no sponsor yet in whose room its draft would be.
        if (state.Party(text.Signed.Body.Party) is null) return new(Refusal.ActingPartyUnknown, Facts.None);
        return IsSignedByItsParty(text) || KnownAs(text) is not null ? null : new(Refusal.DraftNotByItsParty, Facts.None);
    }

    static bool IsSignedByItsParty(SignedInPart text) => text.Signed.Signers.Any(signer => signer.Party == text.Signed.Body.Party);

    // That another draft has this id is not told to whoever did not sign it as its acting party.
    Draft? KnownAs(SignedInPart text) => Find(text.Signed.Body.Party, text.Signed.Body.Id) is { } known && known.Text.IsOfSame(text) ? known : null;

    /// <summary>Whether a text is that of a draft that is here and has no signature which that one has not.</summary>
    bool AddsNothing(SignedInPart text) => KnownAs(text) is { } known && text.Signed.Signers.All(signer => known.Text.Signed.Signers.Contains(signer));

    /// <summary>
    /// Keeps a text that was judged: a new draft, or further signatures of one that is here; what is there already changes nothing.
    /// </summary>
    public DraftTaken Take(SignedInPart text)
    {
        lock (gate)
        {
            // What it was judged beside may have expired since.
            var body = text.Signed.Body;
            if (KnownAs(text) is not { } known)
            {
                if (!IsSignedByItsParty(text)) return new(null, Refusal.DraftNotByItsParty);
                if (Find(body.Party, body.Id) is not null) return new(null, Refusal.DraftOfAnother);
                if (body.Expires <= ledger.LedgerTime) return new(null, Refusal.Expired);
                return HasRoom(text) ? Keep(new(text, 0)) : new(null, Refusal.TooManyDrafts);
            }

            if (AddsNothing(text)) return new(known);
            if (known.Status != DraftStatus.Waiting) return new(null, Refusal.DraftClosed);
            var joined = TransactionText.ReadInPart(TransactionText.Join(known.Text, text), ledger.Genesis.Chain.Suite, ledger.Genesis.Chain.ChainId, out var refused);
            return joined is null ? new(null, refused?.Refusal ?? Refusal.Malformed, refused?.Facts.Reason) : Keep(known with { Text = joined });
        }
    }

    /// <summary>A party that has part in a draft says that it comes to nothing. What is over already changes nothing.</summary>
    public DraftTaken End(Draft draft, DraftEnd end)
    {
        lock (gate)
        {
            if (Find(draft.Body.Party, draft.Body.Id) is not { } known) return new(null, Refusal.NotFound);
            if (known.End is { } before && before.By == end.By) return new(known);
            return known.Status == DraftStatus.Waiting ? Keep(known with { End = end }) : new(null, Refusal.DraftClosed);
        }
    }

    /// <summary>What came of a complete draft. What is on the ledger is its answer, whatever it was told before.</summary>
    public void Answer(Draft draft, DraftAnswer answer)
    {
        lock (gate)
        {
            if (Find(draft.Body.Party, draft.Body.Id) is { Answer: null or { Height: null } } known && known.Answer != answer) Keep(known with { Answer = answer });
        }
    }

    /// <summary>Whether the final ledger refuses a transaction by this number too: what is only under way may be given up, and what was refused on it may then be done.</summary>
    public bool IsRefusedFinally(SignedTransaction transaction, Refusal refusal) => Rulebook.Decide(State, transaction).Code == refusal;

    /// <summary>What another bank's node is given: drafts that concern a party for which it speaks, changed after a number, as many as a page holds.</summary>
    public byte[] PageFor(PartyId bank, ulong after)
    {
        var (state, newest) = (State, Volatile.Read(ref lastChange));

        // Whoever was told of more than there is was told by a node that has lost its file since.
        if (after > newest) after = 0;
        var (given, size, through) = (new List<GivenDraft>(), 0, newest);
        foreach (var draft in All.Where(draft => draft.Change > after && draft.Change <= newest && Speaks(state, bank, draft.Text)).OrderBy(static draft => draft.Change))
        {
            given.Add(GivenDraft.Of(draft));

            // Each character of a reason is at most so long once it is escaped.
            size += draft.Size + (6 * (draft.End?.Reason?.Length ?? 0));
            if (size < PageBytes) continue;
            through = draft.Change;
            break;
        }

        return new DraftPage(through, given).Write();
    }

    /// <summary>
    /// Takes what another bank's node gives, as far as it would be taken of anybody: signatures that verify, of drafts that concern both banks. That somebody does not sign is believed of the bank that speaks for it.
    /// Null for what is no page.
    /// </summary>
    public DraftsHeard? Hear(DraftSource from, ReadOnlySpan<byte> page)
    {
        if (DraftPage.Read(page) is not { } read) return null;
        foreach (var given in read.Drafts)
        {
            var digest = given.Digest(ledger.Genesis.Chain.Suite);
            if (from.HasHeard(digest)) continue;

            // The rest of the page is asked for again, and what was heard of it costs nothing then.
            if (!from.HasPatience) return new(read.Through, IsWhole: false);
            from.Heard(digest, Hear(from, given));
        }

        from.EndPage();
        return new(read.Through, IsWhole: true);
    }

    // False where it is what no honest node gives: it had to verify the same signatures under the same keys.
    bool Hear(DraftSource from, GivenDraft given)
    {
        var (state, chain) = (State, ledger.Genesis.Chain);
        from.Read();
        if (TransactionText.ReadInPart(Encoding.ASCII.GetBytes(given.Text), chain.Suite, chain.ChainId, out _) is not { Signed.Body.Expires: var expires } text) return false;
        if (expires <= state.Now || expires > state.Now.Add(Timestamp.Day) || !Speaks(state, from.Bank, text) || !Speaks(state, ledger.Bank, text)) return true;
        if (!AddsNothing(text))
        {
            from.Verify(text.Signed.Signers.Count);
            if (Judge(text) is { } no) return no.Refusal != Refusal.SignatureInvalid;
            Take(text);
        }

        if (given.End is { } end && IsReason(end.Reason) && DraftBanks.Of(state, end.By) == from.Bank && KnownAs(text) is { } draft && draft.Concerns(end.By)) End(draft, end);
        return true;
    }

    static bool Speaks(LedgerState state, PartyId bank, SignedInPart text) => Draft.PartiesOf(text).Any(party => DraftBanks.Of(state, party) == bank);

    /// <summary>Whether a reason can be shown, or none is given.</summary>
    public static bool IsReason(string? reason) => reason is null || (reason.Length > 0 && ShownText.Is(reason) && ShownText.IsNoLonger(reason, LongestReason));

    /// <summary>Forgets what is good no more.</summary>
    public void Sweep()
    {
        lock (gate) Attempt(() => book.Remove([.. book.All.Where(draft => !IsGood(draft))]));
    }

    bool IsGood(Draft draft) => draft.Body.Expires > ledger.LedgerTime;

    bool HasRoom(SignedInPart text)
    {
        var (state, party) = (State, text.Signed.Body.Party);
        var pool = DraftBanks.PoolOf(state, party);
        return IsRoomBeside(book.All.Where(draft => draft.Body.Party == party), MostOfParty, MostBytesOfParty)
            && (pool == party || IsRoomBeside(book.All.Where(draft => draft.Body.Party != pool && DraftBanks.PoolOf(state, draft.Body.Party) == pool), MostOfSponsor, MostBytesOfSponsor));

        bool IsRoomBeside(IEnumerable<Draft> drafts, int most, int mostBytes)
        {
            var (count, bytes) = (0, text.Signed.Bytes.Length);
            foreach (var draft in drafts) (count, bytes) = (count + 1, bytes + draft.Size);
            return count < most && bytes <= mostBytes;
        }
    }

    // A later start does not begin below what others have been told, for changes are numbered by the clock.
    DraftTaken Keep(Draft draft)
    {
        lastChange = Math.Max(lastChange + 1, (ulong)ledger.ClockTime.UnixMilliseconds);
        draft = draft with { Change = lastChange };
        return Attempt(() => book.Keep(draft)) ? new(draft) : new(null, Refusal.DraftNotKept);
    }

    static bool Attempt(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
