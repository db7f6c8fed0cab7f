using Ledger.Core.Chain;
using Ledger.Core.DoublePledge;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Access;
using Ledger.Node.Views;

namespace Ledger.Node.Notices;

/// <summary>
/// The notices of a ledger, read from its views. What concerns a party is found there; whether the party may see it is judged when it is told, by the
/// same rules as a read, so that a notice never says more than the party could ask for.
/// </summary>
public sealed class LedgerNotices(LedgerReader ledger) : INoticeSource
{
    // So much is looked through at once.
    const int Ahead = 200;

    public NoticeId Newest => new(ledger.View.Checkpoint.Checkpoint.Size - 1, 0);

    public Task Changed => ledger.Views.Advanced;

    public bool MayBeTold(PartyId party) => SightOf(party) is not null;

    public NoticePage After(NoticeId after, PartyId party, Func<Notice, bool> wants, int limit) =>
        SightOf(party) is { } sight ? After(after, sight, wants, limit) : new([], after);

    /// <summary>The same for whoever has this sight: what concerns it, or everything where it sees everything.</summary>
    public NoticePage After(NoticeId after, Sight sight, Func<Notice, bool> wants, int limit)
    {
        try
        {
            PartyId? party = sight.SeesAll(Resource.Entry) ? null : sight.Caller.Principal;
            var found = ledger.Views.HappenedAfter(party, after.Leaf, after.Number, Ahead);
            var told = new List<Notice>();
            Block? block = null;
            foreach (var one in found.All)
            {
                var notice = NoticeOf(one);
                if (!wants(notice) || !Sees(sight, one, ref block)) continue;
                told.Add(notice);
                if (told.Count == limit) return new(told, notice.Id);
            }

            return new(told, new(found.Leaf, found.Number));
        }
        catch (ViewsNotReadyException)
        {
            return new([], after);
        }
    }

    // A party is told as itself, and only while it has a key with which it could ask.
    Sight? SightOf(PartyId party)
    {
        var state = ledger.View.State.Untracked().At(ledger.View.Header.Height, ledger.LedgerTime);
        if (state.Party(party) is not { } known) return null;
        for (var number = 1U; number <= known.LastKey; number++)
        {
            if (!ReadPass.KeyIsGood(state, new(party, number))) continue;
            var sight = new Sight(Caller.Of(new(party, number), known), ledger) { AsOfViews = true };
            return sight.Of(Resource.Webhook) == Extent.Nothing ? null : sight;
        }

        return null;
    }

    bool Sees(Sight sight, Happening one, ref Block? block)
    {
        if (one.Subject is { } subject) return Sees(sight, subject.Key);
        if (!sight.SeesAll(Resource.Entry))
        {
            if (block?.Header.Height != one.Height) block = ledger.Block(one.Height);
            if (block is null) return false;
            var entry = block.Entries[(int)(one.Leaf - block.FirstLeaf) - 1];
            var chain = ledger.Genesis.Chain;
            if (TransactionText.Read(entry.Transaction.Memory, chain.Suite, chain.ChainId, out _) is not { } transaction || !sight.Sees(transaction, entry.Code == 0)) return false;
        }

        sight.Show(one.Party);
        return true;
    }

    // Mandates, freezes and announcements are gone once they are over; they are told to those whose they were.
    bool Sees(Sight sight, ThingKey subject)
    {
        IGuard? guard = subject.Section switch
        {
            Section.Measures => Guards.Measure,
            Section.Offers => Guards.Offer,
            Section.Instruments => Guards.Instrument,
            Section.Financings => Guards.Financing,
            _ => null,
        };
        return guard is null || guard.Under(ledger, subject.Id)?.IsSeen(sight) == true;
    }

    static Notice NoticeOf(Happening one) => new(
        new(one.Leaf, one.Number), one.Height, one.At, DoublePledgeCheck.IsAttempt(one.Code) ? NoticeTypes.Attempt : one.What.Replace(',', '+'), one.Party, one.Code,
        one.Subject is { } subject ? new Id<Offer>(subject.Key.Id).ToString() : null);
}
