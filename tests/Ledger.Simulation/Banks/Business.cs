using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Simulation.Founding;

namespace Ledger.Simulation.Banks;

/// <summary>
/// What clients ask for: documents, certificates raised on them, units that change hands or back a loan; often the same document or the same units twice, at two banks at once, of which the ledger may
/// take one.
/// </summary>
sealed class Business(Consortium consortium, Random chance)
{
    const int Remembered = 40;
    const long Life = 10 * Timestamp.Minute;

    static readonly Undertaking Promise = new(new(1, 1), DefencesWaived: true, new(1, 2));

    readonly List<(Id<Document> Id, PartyId Seller, PartyId Buyer, ulong Total)> documents = [];
    readonly List<(Id<Offer> Id, PartyId To)> offers = [];
    readonly List<Id<Instrument>> instruments = [];
    readonly List<(Id<Financing> Id, PartyId Applicant, PartyId Bank)> financings = [];

    /// <summary>The next acts; several stand in each other's way.</summary>
    public IEnumerable<byte[]> Next(LedgerState state, Timestamp now) => chance.Next(14) switch
    {
        < 3 => Attest(now),
        < 6 => Issue(now),
        < 9 => Accept(now),
        < 11 => Trade(state, now),
        < 13 => Borrow(state, now),
        _ => LetGo(now),
    };

    /// <summary>One that is always entered: not even a ledger whose time is ten minutes ahead passes its end before it must go on.</summary>
    public byte[] Plain(Timestamp now) => Attest(now, Timestamp.Hour).First();

    IEnumerable<byte[]> Attest(Timestamp now, long life = Life)
    {
        var seller = Pick(Consortium.Suppliers);
        var buyer = chance.Next(2) == 0 ? Consortium.Debtor : Pick(Consortium.Suppliers);
        if (buyer == seller) buyer = Consortium.Debtor;
        var (number, looks, total) = (Digest(), Digest(), (ulong)chance.Next(2, 60));
        for (var copies = chance.Next(6) == 0 ? 2 : 1; copies > 0; copies--)
        {
            var id = New<Document>(now);
            Remember(documents, (id, seller, buyer, total));
            yield return Sign(now, life, Pick(consortium.Banks), new AttestDocument(
                id, DocumentKind.Invoice, seller, buyer, Currency.Cny, new(total), now.DateAt(480), Digest(), [new("invoice", 1, number)], [new(Fingerprint.SkeletonScheme, 1, looks)], []), seller);
        }
    }

    IEnumerable<byte[]> Issue(Timestamp now)
    {
        var claims = documents.Where(static one => one.Buyer == Consortium.Debtor).ToArray();
        if (claims.Length == 0) yield break;
        var (document, seller, _, total) = Pick(claims);
        for (var copies = chance.Next(3); copies >= 0; copies--)
        {
            var (offer, instrument) = (New<Offer>(now), New<Instrument>(now));
            Remember(offers, (offer, seller));
            Remember(instruments, instrument);
            yield return Sign(now, Consortium.Debtor, new IssueReceivable(
                offer, instrument, seller, Currency.Cny, new(total), now.DateAt(480), now.DateAt(480).AddMonths(6), Transferable: true, [new(document, new(total))], Term(now), Promise));
        }
    }

    IEnumerable<byte[]> Accept(Timestamp now)
    {
        if (offers.Count == 0) yield break;
        var (offer, to) = Pick(offers);
        yield return Sign(now, to, new AcceptOffer(offer));
    }

    IEnumerable<byte[]> Trade(LedgerState state, Timestamp now)
    {
        var papers = documents.Where(static one => one.Buyer != Consortium.Debtor).ToArray();
        if (papers.Length == 0 || instruments.Count == 0) yield break;
        var (document, seller, buyer, total) = Pick(papers);
        for (var copies = chance.Next(3); copies >= 0; copies--)
        {
            var instrument = Pick(instruments);
            foreach (var token in state.Tokens(instrument) is { } tokens ? tokens.Span.ToArray() : [])
            {
                if (token.Holder != buyer) continue;
                var units = new Interval(token.Units.First, token.Units.First + Math.Min(total, token.Units.Length) - 1);
                var offer = New<Offer>(now);
                Remember(offers, (offer, seller));
                yield return Sign(now, buyer, new Transfer(offer, instrument, seller, TransferCause.Trade, Recourse: false, [new(document, units.Amount)], Term(now), units));
            }
        }
    }

    // The same units at several banks at once, or while they are offered to somebody.
    IEnumerable<byte[]> Borrow(LedgerState state, Timestamp now)
    {
        (Id<Instrument> Of, Token Token)[] held = [.. instruments.SelectMany(of => (state.Tokens(of) is { } tokens ? tokens.Span.ToArray() : []).Select(token => (of, token)))];
        if (held.Length == 0) yield break;
        var (instrument, token) = Pick(held);
        if (state.Party(token.Holder) is { Account.IsZero: true } unpaid) yield return Sign(now, token.Holder, new FileAccount(Digest()), unpaid.Sponsor);
        for (var copies = chance.Next(3); copies >= 0; copies--)
        {
            var (financing, bank, first) = (New<Financing>(now), Pick(consortium.Banks), token.Units.First + (ulong)chance.NextInt64((long)token.Units.Length));
            var units = new Interval(first, token.Units.Last);
            Remember(financings, (financing, token.Holder, bank));
            yield return Sign(now, token.Holder, new ApplyForFinancing(
                financing, instrument, bank, FinancingForm.PledgeLoan, new(Math.Max(1, units.Length / 2)), now.DateAt(480).AddMonths(3), [token.Leg.Documents[0].Document], units, Amount: null, DayCount.Actual360,
                DayBounds.First, Rounding.HalfUp, InterestPayment.AtMaturity, RefundsUnearned: true, GraceDays: 0, AccruesOnRolledDays: true));
        }
    }

    // Either of the two, or both at once.
    IEnumerable<byte[]> LetGo(Timestamp now)
    {
        if (financings.Count == 0) yield break;
        var (financing, applicant, bank) = Pick(financings);
        var who = chance.Next(3);
        if (who != 0) yield return Sign(now, applicant, new WithdrawFinancing(financing));
        if (who != 1) yield return Sign(now, bank, new ReleaseFinancing(financing));
    }

    public byte[] Sign(Timestamp now, PartyId party, Operation operation, params PartyId[] with) => Sign(now, Life, party, operation, with);

    byte[] Sign(Timestamp now, long life, PartyId party, Operation operation, params PartyId[] with) => consortium.Sign(new(party, null, New<Transaction>(now), now.Add(life), [operation]), with);

    static Timestamp Term(Timestamp now) => now.CeilingMinute().Add(29 * Timestamp.Day);

    public Id<TNoun> New<TNoun>(Timestamp now) => new(Uuid7.Of(now, ((UInt128)(ulong)chance.NextInt64() << 64) | (ulong)chance.NextInt64()));

    Hash256 Digest() => new((ulong)chance.NextInt64(1, long.MaxValue), (ulong)chance.NextInt64());

    T Pick<T>(IReadOnlyList<T> among) => among[chance.Next(among.Count)];

    static void Remember<T>(List<T> list, T one)
    {
        list.Add(one);
        if (list.Count > Remembered) list.RemoveAt(0);
    }
}
