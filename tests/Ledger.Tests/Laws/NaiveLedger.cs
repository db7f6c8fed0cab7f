using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Laws;

/// <summary>
/// The ledger as a schoolbook would keep it, written from the design and not from the core: every unit by itself in an array, every document
/// with the list of its uses. Slow, small and plain; where it and the core differ, one of them is wrong.
/// </summary>
sealed class NaiveLedger
{
    public const int MinimumTransfer = 2;
    public const int MaximumDepth = 2;
    public const int MaximumTokens = 5;
    public const int AttemptsPerDay = 3;
    public const int RetentionDays = 8;

    /// <summary>Who trades in this book; the banks Z and W only vote.</summary>
    public static readonly PartyId[] Everybody = [C, A, B, D, X, Y];

    public required MinuteBook Minutes { get; init; }

    public Timestamp Now { get; set; }

    public DateOnly Today => Now.DateAt(480);

    public Dictionary<Id<Document>, Paper> Papers { get; private set; } = [];

    public Dictionary<Id<Instrument>, Note> Notes { get; private set; } = [];

    public Dictionary<Id<Offer>, Deal> Deals { get; private set; } = [];

    /// <summary>What banks have in pledge or had, apart from the offers by which they got it.</summary>
    public Dictionary<Id<Offer>, Lien> Liens { get; private set; } = [];

    public Dictionary<Id<Freeze>, Stop> Stops { get; private set; } = [];

    public OrderedDictionary<Id<Mandate>, Power> Powers { get; private set; } = [];

    public HashSet<PartyId> Lost { get; private set; } = [];

    public Dictionary<PartyId, Owner> Owners { get; private set; } = [];

    Dictionary<(PartyId, DateOnly), HashSet<UInt128>> attempts = [];

    public sealed record Paper(DocumentKind Kind, PartyId Seller, PartyId Buyer, int Total, DateOnly Date, Hash256 Number)
    {
        public PartyId Hand { get; init; }

        public int RedLetters { get; set; }

        public List<Hash256> RedNumbers { get; init; } = [];

        public List<Hash256> Looks { get; init; } = [];

        public List<(Id<Offer> Act, int Amount)> Promised { get; init; } = [];

        public List<(Id<Offer> Act, int Amount)> Used { get; init; } = [];

        public int Taken => Promised.Sum(use => use.Amount) + Used.Sum(use => use.Amount);

        public int Left => Total - RedLetters - Taken;

        public Paper Copy() => this with { RedNumbers = [.. RedNumbers], Looks = [.. Looks], Promised = [.. Promised], Used = [.. Used] };
    }

    public sealed record Unit(PartyId Holder, bool Gone, Id<Offer> Act, int Depth, List<(EncumbranceKind Kind, UInt128 By, Timestamp Until)> Burdens)
    {
        public bool IsLike(Unit other) =>
            Holder == other.Holder && Gone == other.Gone && Act == other.Act && Burdens.SequenceEqual(other.Burdens);
    }

    public sealed record Note(PartyId Obligor, PartyId Creditor, int Face)
    {
        public InstrumentStatus Status { get; set; }

        public int Face { get; set; } = Face;

        public int Requested { get; init; }

        public int Confirmed { get; set; }

        public bool WasRequested { get; init; }

        public Timestamp Deadline { get; init; }

        public bool IsOverdue { get; set; }

        public PartyId Hand { get; init; }

        public bool IsTransferable { get; set; } = true;

        public DateOnly Due { get; set; }

        public Id<Offer> IssueOffer { get; set; }

        /// <summary>Since when nothing is owed on it.</summary>
        public Timestamp? OverSince { get; set; }

        public Unit[] Units { get; set; } = [];

        public int Runs => Units.Length == 0 ? 0 : 1 + Enumerable.Range(1, Units.Length - 1).Count(i => !Units[i].IsLike(Units[i - 1]));

        public int RunsOf(PartyId holder) => Enumerable.Range(1, Units.Length).Count(unit => Units[unit - 1].Holder == holder && !Units[unit - 1].Gone && Begins(unit));

        /// <summary>Whether something else begins at a unit, the end of all of them included.</summary>
        public bool Begins(int unit) => unit == 1 || unit > Units.Length || !Units[unit - 1].IsLike(Units[unit - 2]);

        public Note Copy() => this with { Units = [.. Units.Select(unit => unit with { Burdens = [.. unit.Burdens] })] };
    }

    public sealed record Deal(
        OfferKind Kind, PartyId From, PartyId To, PartyId Hand, Id<Instrument> Note, int[] Units, int Amount, ValueList<DocumentUse> Uses, Timestamp Expires)
    {
        public OfferStatus Status { get; set; } = OfferStatus.Open;

        /// <summary>Since when nothing comes of it any more.</summary>
        public Timestamp? OverSince { get; set; }
    }

    public sealed record Lien(PartyId From, PartyId To, int Amount)
    {
        public Timestamp? ReleasedAt { get; set; }
    }

    public sealed record Stop(Id<Instrument> Note, PartyId By, bool IsAlone, Timestamp Until, Timestamp KeptUntil);

    public sealed record Power(PartyId Principal, PartyId Agent, ValueList<string> Verbs, int Cap, ValueList<PartyId> Counterparties, Timestamp Expires)
    {
        public DateOnly UsedOn { get; init; }

        public int Used { get; init; }
    }

    /// <summary>Whose company a party is, nobody's or its own word for it, and whose it was until when.</summary>
    public sealed record Owner(PartyId? Now, bool IsOwnWord, ValueList<(PartyId Who, DateOnly Until)> Before);

    static PartyId SponsorOf(PartyId party) => party == D || party == X ? Y : X;

    // A new validator signs for itself, and such a signature is a second bank's as well.
    bool IsBank(PartyId party) => (Minutes.Roles.GetValueOrDefault(party) & Roles.Bank) != 0;

    bool MayOwe(PartyId party) => (Minutes.Roles[party] & (Roles.Bank | Roles.CoreEnterprise)) != 0;

    public NaiveLedger Copy() => new()
    {
        Now = Now,
        Minutes = Minutes.Copy(),
        Papers = Papers.ToDictionary(paper => paper.Key, paper => paper.Value.Copy()),
        Notes = Notes.ToDictionary(note => note.Key, note => note.Value.Copy()),
        Deals = Deals.ToDictionary(deal => deal.Key, deal => deal.Value with { }),
        Liens = Liens.ToDictionary(lien => lien.Key, lien => lien.Value with { }),
        Stops = new(Stops),
        Powers = new(Powers),
        Lost = [.. Lost],
        Owners = new(Owners),
        attempts = attempts.ToDictionary(day => day.Key, day => day.Value.ToHashSet()),
    };

    /// <summary>Time goes on, and whatever ends by then ends.</summary>
    public void Pass(Timestamp now)
    {
        Now = now;
        foreach (var (id, deal) in Deals)
        {
            if (deal.Status == OfferStatus.Open && deal.Expires <= now) End(id, deal, OfferStatus.Expired);
        }

        foreach (var (id, stop) in Stops.Where(stop => stop.Value.KeptUntil <= now).ToArray()) Lift(id, stop);
        foreach (var id in Powers.Keys.Where(id => Powers[id].Expires <= now).ToArray()) Powers.Remove(id);
        foreach (var note in Notes.Values)
        {
            if (note.Status == InstrumentStatus.Requested && note.Deadline != default && note.Deadline <= now) note.IsOverdue = true;
        }

        Minutes.Open(now);
        Minutes.Forget(IsForgotten);
        Forget();
    }

    // What was over for the retention is in nobody's book any more, and what hung on it goes with it. Papers stay, with what was used of them.
    void Forget()
    {
        foreach (var id in Deals.Where(deal => IsForgotten(deal.Value.OverSince)).Select(deal => deal.Key).ToArray()) Deals.Remove(id);
        foreach (var id in Liens.Where(lien => IsForgotten(lien.Value.ReleasedAt)).Select(lien => lien.Key).ToArray()) Liens.Remove(id);
        foreach (var (id, note) in Notes.Where(note => IsForgotten(note.Value.OverSince)).ToArray())
        {
            if (Deals.Values.Any(deal => deal.Note == id && deal.Status == OfferStatus.Open))
            {
                note.OverSince = Now;
                continue;
            }

            foreach (var offer in Deals.Where(deal => deal.Value.Note == id).Select(deal => deal.Key).ToArray()) Deals.Remove(offer);
            foreach (var stop in Stops.Where(stop => stop.Value.Note == id).Select(stop => stop.Key).ToArray()) Stops.Remove(stop);
            Notes.Remove(id);
        }
    }

    // To the minute, which is rounded up.
    bool IsForgotten(Timestamp? since) => since is { } over && over.Add(RetentionDays * Timestamp.Day).CeilingMinute() <= Now;

    /// <summary>Whether a double-pledge attempt goes on the record, and then it is there.</summary>
    public bool RecordsAttempt(PartyId party, UInt128 subject)
    {
        if (!attempts.TryGetValue((party, Today), out var known)) attempts[(party, Today)] = known = [];
        return known.Count < AttemptsPerDay && known.Add(subject);
    }

    /// <summary>What the ledger answers to a transaction: all of it happens to a copy that takes this ledger's place, or nothing does.</summary>
    public (Refusal Code, NaiveLedger After) Try(Transaction transaction, PartyId[] signers)
    {
        var principal = transaction.Principal;
        foreach (var party in new[] { transaction.Party, principal })
        {
            if (Lost.Contains(party)) return (Refusal.KeysReportedLost, this);
        }


        var after = Copy();
        foreach (var operation in transaction.Operations)
        {
            if (transaction.Party != principal && after.WhyNotFor(principal, transaction.Party, operation) is { } unmandated) return (unmandated, this);
            if (after.WhyNotBeside(principal, transaction.Party, signers, operation) is { } tooMuch) return (tooMuch, this);
            var code = after.Do(principal, transaction.Party, signers, operation);
            if (code != Refusal.None) return (code, this);
            if (Made(operation).Select(WhyNotId).FirstOrDefault(no => no is not null) is { } misnamed) return (misnamed, this);
        }

        return (Refusal.None, after);
    }

    // What an operation makes; a claim that was confirmed is there already when it is issued.
    static UInt128[] Made(Operation operation) => operation switch
    {
        AttestDocument attest => [attest.Document.Value],
        RequestConfirmation request => [request.Instrument.Value],
        IssueReceivable { Undertaking: null } issue => [issue.Offer.Value],
        IssueReceivable issue => [issue.Offer.Value, issue.Instrument.Value],
        Transfer transfer => [transfer.Offer.Value],
        FreezeUnits freeze => [freeze.Freeze.Value],
        PledgeDocuments pledge => [pledge.Offer.Value],
        GrantMandate grant => [grant.Id.Value],
        Propose propose => [propose.Proposal.Value],
        _ => [],
    };

    Refusal? WhyNotId(UInt128 id)
    {
        var hex = $"{id:x32}";
        if (hex[12] != '7' || hex[16] is not ('8' or '9' or 'a' or 'b')) return Refusal.IdWithoutTime;
        var ahead = Convert.ToInt64(hex[..12], 16) - Now.UnixMilliseconds;
        return ahead is < -86_400_000 or > 600_000 ? Refusal.IdOfAnotherTime : null;
    }

    Refusal? WhyNotFor(PartyId principal, PartyId agent, Operation operation)
    {
        var (amount, other) = AtStake(operation);
        return other is { } side && (amount == 0 ? agent == side || (AreOneGroupAnyhow(agent, side) && !AreOneGroupAnyhow(principal, side)) : IsOfOtherSide(agent, side, principal)) ? Refusal.AgentIsCounterparty : Draw(principal, agent, operation.Kind, amount, other);
    }

    // Whoever signs for the creditor of a note that is given up takes that from what the creditor lets it do in a day.
    Refusal? WhyNotBeside(PartyId by, PartyId agent, PartyId[] signers, Operation operation)
    {
        if (operation is not CancelReceivable cancel || !Notes.TryGetValue(cancel.Instrument, out var note) || note.Status != InstrumentStatus.Active) return null;
        if (note.Creditor == by || signers.Contains(note.Creditor) || Lost.Contains(note.Creditor)) return null;
        var others = signers.Where(signer => !SignsFor(signer, by) && !IsOfOtherSide(signer, by, note.Creditor) && !IsOfOtherSide(signer, agent, note.Creditor) && !Lost.Contains(signer) && Powers.Values.Any(power =>
            power.Principal == note.Creditor && power.Agent == signer && power.Verbs.Contains("receivable.cancel") && Exceeds(power, note.Face, note.Face, note.Obligor) is null));
        foreach (var other in others) return Draw(note.Creditor, other, "receivable.cancel", note.Face, note.Obligor);
        return null;
    }

    Refusal? Draw(PartyId principal, PartyId agent, string verb, int amount, PartyId? other)
    {
        Refusal? nearest = Refusal.NoMandate;
        foreach (var (id, power) in Powers.OrderBy(one => one.Key))
        {
            if (power.Principal != principal || power.Agent != agent || !power.Verbs.Contains(verb)) continue;
            var used = amount + (power.UsedOn == Today ? power.Used : 0);
            nearest = Exceeds(power, amount, used, other);
            if (nearest is not null) continue;
            Powers[id] = power with { UsedOn = Today, Used = used };
            return null;
        }

        return nearest;
    }

    static Refusal? Exceeds(Power power, int amount, int used, PartyId? other)
    {
        if (other is { } party && power.Counterparties.Count > 0 && !power.Counterparties.Contains(party)) return Refusal.MandateCounterparty;
        return amount > 0 && used > power.Cap ? Refusal.MandateCapExceeded : null;
    }

    /// <summary>The amount that an operation moves and the party on the other side of it.</summary>
    (int Amount, PartyId? Other) AtStake(Operation operation)
    {
        switch (operation)
        {
            case RequestConfirmation request: return (Int(request.Amount), request.Obligor);
            case Confirm confirm when Notes.TryGetValue(confirm.Instrument, out var note): return (Int(confirm.Amount), note.Creditor);
            case Dispute dispute when Notes.TryGetValue(dispute.Instrument, out var note): return (0, note.Creditor);
            case CancelReceivable cancel when Notes.TryGetValue(cancel.Instrument, out var note): return (0, note.Creditor);
            case IssueReceivable issue: return (Int(issue.Amount), issue.Creditor);
            case Transfer transfer when Notes.ContainsKey(transfer.Instrument): return (transfer.Amount is { } sum ? Int(sum) : (int)(transfer.Units?.Length ?? 0), transfer.To);
            case PledgeDocuments pledge: return (Int(pledge.Amount), pledge.To);
            case AcceptOffer accept when Deals.TryGetValue(accept.Offer, out var deal): return (deal.Amount, deal.From);
            case DeclineOffer decline when Deals.TryGetValue(decline.Offer, out var deal): return (0, deal.From);
            case WithdrawOffer withdraw when Deals.TryGetValue(withdraw.Offer, out var deal): return (0, deal.To);
            case ReleasePledge release when Liens.TryGetValue(release.Pledge, out var lien): return (lien.Amount, lien.From);
            default: return (0, null);
        }
    }

    Refusal Do(PartyId by, PartyId agent, PartyId[] signers, Operation operation) => operation switch
    {
        AttestDocument attest => Do(by, agent, signers, attest),
        AttestRedLetter red => Do(by, agent, signers, red),
        RequestConfirmation request => Do(by, agent, request),
        Confirm confirm => Do(by, agent, confirm),
        Dispute dispute => Do(by, agent, dispute),
        IssueReceivable issue => Do(by, agent, issue),
        CancelReceivable cancel => Do(by, agent, signers, cancel),
        AcceptOffer accept => Do(by, agent, accept),
        DeclineOffer decline => Close(by, agent, decline.Offer, OfferStatus.Declined),
        WithdrawOffer withdraw => Close(by, agent, withdraw.Offer, OfferStatus.Withdrawn),
        Transfer transfer => Do(by, agent, transfer),
        FreezeUnits freeze => Do(by, signers, freeze),
        ExtendFreeze extend => Do(by, signers, extend),
        UnfreezeUnits unfreeze => Do(by, unfreeze),
        PledgeDocuments pledge => Do(by, agent, pledge),
        ReleasePledge release => Do(by, agent, release),
        GrantMandate grant => Do(by, grant),
        RevokeMandate revoke => Do(by, revoke),
        ReportLost report => Do(by, report),
        DeclareControl declare => Do(by, signers, declare),
        Propose propose => Minutes.Do(Now, by, signers.Except(Lost), propose),
        VoteOn vote => Minutes.Do(Now, by, vote),
        WithdrawProposal withdraw => Minutes.Do(Now, by, withdraw),
        _ => throw new ArgumentException($"{operation.GetType().Name} is not in this book", nameof(operation)),
    };

    // Documents

    Refusal Do(PartyId by, PartyId agent, PartyId[] signers, AttestDocument attest)
    {
        if (Papers.ContainsKey(attest.Document)) return Refusal.DocumentIdInUse;
        if (!IsBank(by)) return Refusal.AttesterIsNotBank;
        if (!Everybody.Contains(attest.Seller)) return Refusal.SellerUnknown;
        if (HandOf(attest.Seller, by, agent, signers, _ => true) is not { } hand) return Refusal.SellerDidNotSign;
        if (attest.Seller == attest.Buyer) return Refusal.DocumentPartiesDiffer;
        if (attest.Total.IsZero) return Refusal.DocumentTotalZero;
        if (attest.Date > Today) return Refusal.DocumentFromTheFuture;
        if (attest.Fingerprints.Count != Minutes.Epochs || attest.Skeletons.Count != Minutes.Epochs) return Refusal.FingerprintsIncomplete;
        var told = new Paper(attest.DocumentKind, attest.Seller, attest.Buyer, Int(attest.Total), attest.Date, attest.Fingerprints[0].Value) { Hand = hand };
        foreach (var known in Papers.Values)
        {
            if (known.Kind != told.Kind || (known.Number != told.Number && !known.RedNumbers.Contains(told.Number))) continue;
            return known.Seller == told.Seller && known.Buyer == told.Buyer && known.Total == told.Total && known.Date == told.Date
                ? Refusal.DocumentAlreadyRegistered
                : Refusal.DocumentContradicts;
        }

        if (WhyNotDistinct(by, agent, signers, told, attest.Skeletons, attest.DistinctFrom) is { } alike) return alike;

        told.Looks.Add(attest.Skeletons[0].Value);
        Papers[attest.Document] = told;
        return Refusal.None;
    }

    /// <summary>The papers of that seller, of whatever kind, that look like a number.</summary>
    public IEnumerable<Id<Document>> Alike(PartyId seller, Hash256 looks) =>
        Papers.Where(known => known.Value.Seller == seller && known.Value.Looks.Contains(looks)).Select(known => known.Key);

    Refusal? WhyNotDistinct(PartyId by, PartyId agent, PartyId[] signers, Paper paper, ValueList<Fingerprint> skeletons, ValueList<Id<Document>> distinctFrom)
    {
        var alike = Alike(paper.Seller, skeletons[0].Value).ToArray();
        if (alike.Except(distinctFrom).Any()) return Refusal.DocumentLooksLikeAnother;
        if (alike.Length != distinctFrom.Count || distinctFrom.Except(alike).Any()) return Refusal.DistinctFromOthers;
        if (alike.Length == 0) return null;
        var isVouched = signers.Any(bank => IsBank(bank) && !Lost.Contains(bank) && AreApart(bank, by) && AreApart(bank, paper.Buyer) && IsNoGainersBank(bank, paper.Seller));
        return isVouched ? null : Refusal.DistinctionNeedsSecondBank;
    }

    // Two hands: not one, of no common house or group, and neither signs for the other.
    bool AreApart(PartyId one, PartyId other) => !Masters(one).Overlaps(Masters(other)) && !SignsFor(one, other) && !SignsFor(other, one);

    bool IsNoGainersBank(PartyId bank, PartyId gainer) =>
        AreApart(bank, gainer) && (IsBank(gainer) || !Everybody.Contains(gainer) || !Masters(bank).Overlaps(Masters(SponsorOf(gainer))));

    bool SignsFor(PartyId agent, PartyId principal) => Powers.Values.Any(power => power.Principal == principal && power.Agent == agent);

    // Everybody came in the same hour, but for the founding banks; a year later nobody is new, and whoever was sold is its own.
    bool IsRecent(DateOnly day) => Today.DayNumber - day.DayNumber < 365;

    HashSet<PartyId> Masters(PartyId party) => [party, .. MastersOver(party, [])];

    bool IsNew(PartyId party) => Everybody.Contains(party) && !IsBank(party) && IsRecent(Date("2026-03-12"));

    HashSet<PartyId> GroupOf(PartyId party) => [party, .. OwnersOver(party, [])];

    bool AreOneGroup(PartyId one, PartyId other) => GroupOf(one).Overlaps(GroupOf(other));

    // Whatever the other says of itself.
    bool AreOneGroupAnyhow(PartyId one, PartyId other) => GroupOf(one).Overlaps([other, .. OwnersOver(other, [], ownWords: false)]);

    // A newcomer's owner may be a newcomer too.
    HashSet<PartyId> MastersOver(PartyId party, HashSet<PartyId> known)
    {
        foreach (var next in OwnersOf(party).Concat(IsNew(party) ? [SponsorOf(party)] : []))
        {
            if (known.Add(next)) MastersOver(next, known);
        }

        return known;
    }

    HashSet<PartyId> OwnersOver(PartyId party, HashSet<PartyId> known, bool ownWords = true)
    {
        foreach (var next in OwnersOf(party, ownWords))
        {
            if (known.Add(next)) OwnersOver(next, known, ownWords);
        }

        return known;
    }

    PartyId[] OwnersOf(PartyId party, bool ownWords = true) => Owners.TryGetValue(party, out var owner)
        ? [.. owner.Before.Where(one => IsRecent(one.Until)).Select(one => one.Who), .. owner.Now is { } now && (ownWords || !owner.IsOwnWord) ? [now] : Array.Empty<PartyId>()]
        : [];

    bool SaysYes(PartyId party, PartyId by, PartyId agent, PartyId[] signers, Func<Power, bool> covers) => HandOf(party, by, agent, signers, covers) is not null;

    PartyId? HandOf(PartyId party, PartyId by, PartyId agent, PartyId[] signers, Func<Power, bool> covers)
    {
        if (Lost.Contains(party)) return null;
        if (signers.Contains(party)) return party;
        foreach (var signer in signers.Order())
        {
            if (SignsFor(signer, by) || IsOfOtherSide(signer, by, party) || IsOfOtherSide(signer, agent, party) || Lost.Contains(signer)) continue;
            if (Powers.Values.Any(power => power.Principal == party && power.Agent == signer && covers(power))) return signer;
        }

        return null;
    }

    // Nobody signs for one what it or its group is the other side of; but a group's companies sign for each other.
    bool IsOfOtherSide(PartyId signer, PartyId side, PartyId party) => signer == side || (AreOneGroup(signer, side) && !AreOneGroupAnyhow(party, side));

    // Nobody answers for one side what it asked for the other, or while it signs for the other.
    Refusal? WhyNotAnswer(PartyId by, PartyId agent, PartyId asked, PartyId hand) =>
        agent != by && by != asked && (SignsFor(agent, asked) || IsOfOtherSide(agent, hand, by) || IsOfOtherSide(agent, asked, by)) ? Refusal.OneHandForBothSides : null;

    Refusal Do(PartyId by, PartyId agent, PartyId[] signers, AttestRedLetter red)
    {
        if (!Papers.TryGetValue(red.Document, out var paper)) return Refusal.DocumentNotFound;
        if (!IsBank(by)) return Refusal.AttesterIsNotBank;
        if (red.Amount.IsZero) return Refusal.AmountZero;
        if (red.Date > Today) return Refusal.DocumentFromTheFuture;
        if (red.Fingerprints.Count != Minutes.Epochs || red.Skeletons.Count != Minutes.Epochs) return Refusal.FingerprintsIncomplete;
        var number = red.Fingerprints[0].Value;
        if (Papers.Values.Any(known => known.Kind == paper.Kind && (known.Number == number || known.RedNumbers.Contains(number)))) return Refusal.DocumentAlreadyRegistered;
        if (WhyNotDistinct(by, agent, signers, paper, red.Skeletons, red.DistinctFrom) is { } alike) return alike;
        if (Int(red.Amount) > paper.Total - paper.RedLetters) return Refusal.RedLetterTooLarge;

        paper.RedNumbers.Add(number);
        paper.Looks.Add(red.Skeletons[0].Value);
        paper.RedLetters += Int(red.Amount);
        return Refusal.None;
    }

    Refusal? WhyNoBackground(PartyId by, PartyId agent, ValueList<DocumentUse> uses, PartyId seller, PartyId? buyer, int amount)
    {
        var seen = new HashSet<Id<Document>>();
        int invoices = 0, contracts = 0;
        foreach (var use in uses)
        {
            if (!Papers.TryGetValue(use.Document, out var paper)) return Refusal.DocumentNotFound;
            if (paper.Kind is not (DocumentKind.Invoice or DocumentKind.Contract)) return Refusal.DocumentIsEvidence;
            if (use.Amount.IsZero) return Refusal.AmountZero;
            if (!seen.Add(use.Document)) return Refusal.DocumentCitedTwice;
            if (paper.Seller != seller || (buyer is { } named && paper.Buyer != named)) return Refusal.DocumentPartiesDiffer;
            if (by != seller && IsOfOtherSide(agent, paper.Hand, seller)) return Refusal.OneHandForBothSides;
            if (paper.Kind == DocumentKind.Contract) contracts += Int(use.Amount);
            else invoices += Int(use.Amount);
        }

        return invoices != amount || (contracts != 0 && contracts != amount) ? Refusal.DocumentsDoNotCover : null;
    }

    Refusal? WhyUsedUp(ValueList<DocumentUse> uses)
    {
        foreach (var use in uses)
        {
            var paper = Papers[use.Document];
            if (paper.Left < 0) return Refusal.DocumentOverused;
            if (paper.Left < Int(use.Amount)) return Refusal.DocumentUsedUp;
        }

        return null;
    }

    void Promise(Id<Offer> act, ValueList<DocumentUse> uses)
    {
        foreach (var use in uses) Papers[use.Document].Promised.Add((act, Int(use.Amount)));
    }

    void Use(Id<Offer> act)
    {
        foreach (var paper in Papers.Values)
        {
            paper.Used.AddRange(paper.Promised.Where(use => use.Act == act));
            paper.Promised.RemoveAll(use => use.Act == act);
        }
    }

    void Free(Id<Offer> act)
    {
        foreach (var paper in Papers.Values)
        {
            paper.Promised.RemoveAll(use => use.Act == act);
            paper.Used.RemoveAll(use => use.Act == act);
        }
    }

    Refusal Do(PartyId by, PartyId agent, PledgeDocuments pledge)
    {
        if (Deals.ContainsKey(pledge.Offer)) return Refusal.OfferIdInUse;
        if (!Everybody.Contains(pledge.To)) return Refusal.PartyNotFound;
        if (!IsBank(pledge.To)) return Refusal.PledgeeIsNotBank;
        if (pledge.To == by) return Refusal.TransferToSelf;
        if (pledge.Amount.IsZero) return Refusal.AmountZero;
        if (!IsTerm(pledge.Expires, 30)) return Refusal.OfferTermInvalid;
        if (WhyNoBackground(by, agent, pledge.Documents, by, null, Int(pledge.Amount)) is { } background) return background;
        if (WhyUsedUp(pledge.Documents) is { } conflict) return conflict;

        Deals[pledge.Offer] = new(OfferKind.Pledge, by, pledge.To, agent, default, [], Int(pledge.Amount), pledge.Documents, pledge.Expires);
        Promise(pledge.Offer, pledge.Documents);
        return Refusal.None;
    }

    Refusal Do(PartyId by, PartyId agent, ReleasePledge release)
    {
        if (!Liens.TryGetValue(release.Pledge, out var lien)) return Refusal.PledgeNotFound;
        if (lien.ReleasedAt is not null) return Refusal.PledgeReleased;
        if (lien.To != by) return Refusal.NotThePledgee;
        if (WhyNotAnswer(by, agent, lien.From, lien.From) is { } oneHand) return oneHand;

        lien.ReleasedAt = Now;
        if (!release.DebtWasPaid) Free(release.Pledge);
        return Refusal.None;
    }

    // Confirmation and issue

    Refusal Do(PartyId by, PartyId agent, RequestConfirmation request)
    {
        if (Notes.ContainsKey(request.Instrument)) return Refusal.InstrumentIdInUse;
        if (!Everybody.Contains(request.Obligor)) return Refusal.PartyNotFound;
        if (request.Obligor == by) return Refusal.ObligorIsCreditor;
        if (!MayOwe(request.Obligor)) return Refusal.ObligorRoleMissing;
        if (request.Amount.IsZero) return Refusal.AmountZero;
        if (request.ContractSigned > Today) return Refusal.ContractFromTheFuture;

        var runs = request.ObligorSize is SizeClass.Large or SizeClass.PublicBody
            && request.CreditorSize is SizeClass.Medium or SizeClass.Small or SizeClass.Micro;
        Notes[request.Instrument] = new(request.Obligor, by, Int(request.Amount))
        {
            Status = InstrumentStatus.Requested,
            Requested = Int(request.Amount),
            WasRequested = true,
            Hand = agent,
            Deadline = runs ? Timestamp.StartOf(Today.AddDays(31), 480) : default,
        };
        return Refusal.None;
    }

    Refusal Do(PartyId by, PartyId agent, Confirm confirm)
    {
        if (!Notes.TryGetValue(confirm.Instrument, out var note)) return Refusal.InstrumentNotFound;
        if (note.Status is not (InstrumentStatus.Requested or InstrumentStatus.Disputed)) return Refusal.AlreadyAnsweredClaim;
        if (note.Obligor != by) return Refusal.NotTheObligor;
        if (WhyNotAnswer(by, agent, note.Creditor, note.Hand) is { } oneHand) return oneHand;
        if (confirm.Amount.IsZero) return Refusal.AmountZero;
        if (Int(confirm.Amount) > note.Requested) return Refusal.ConfirmedAboveRequested;
        if (Int(confirm.Amount) < note.Requested && confirm.DisputeReason is null) return Refusal.DisputeReasonMissing;

        note.Status = InstrumentStatus.Confirmed;
        note.OverSince = null;
        note.Confirmed = Int(confirm.Amount);
        return Refusal.None;
    }

    Refusal Do(PartyId by, PartyId agent, Dispute dispute)
    {
        if (!Notes.TryGetValue(dispute.Instrument, out var note)) return Refusal.InstrumentNotFound;
        if (note.Status is InstrumentStatus.Disputed or InstrumentStatus.Cancelled or InstrumentStatus.Settled) return Refusal.InstrumentStatusWrong;
        if (note.Obligor != by) return Refusal.NotTheObligor;
        if (WhyNotAnswer(by, agent, note.Creditor, note.Hand) is { } oneHand) return oneHand;

        if (note.Status == InstrumentStatus.Requested) (note.Status, note.OverSince) = (InstrumentStatus.Disputed, Now);
        return Refusal.None;
    }

    Refusal Do(PartyId by, PartyId agent, IssueReceivable issue)
    {
        Notes.TryGetValue(issue.Instrument, out var confirmed);
        if (confirmed is { Status: not InstrumentStatus.Confirmed }) return Refusal.InstrumentStatusWrong;
        if (!Everybody.Contains(issue.Creditor)) return Refusal.PartyNotFound;
        if (!MayOwe(by)) return Refusal.ObligorRoleMissing;
        if (issue.Creditor == by) return Refusal.ObligorIsCreditor;
        if (confirmed is not null && confirmed.Obligor != by) return Refusal.NotTheObligor;
        if (Deals.ContainsKey(issue.Offer)) return Refusal.OfferIdInUse;
        if (issue.Amount.IsZero) return Refusal.AmountZero;
        if (confirmed is null && issue.Undertaking is null) return Refusal.UndertakingMissing;
        if (confirmed is not null && issue.Undertaking is not null) return Refusal.UndertakingGivenBefore;
        if (confirmed is not null && (confirmed.Creditor != issue.Creditor || confirmed.Confirmed != Int(issue.Amount))) return Refusal.IssueDiffersFromConfirmation;
        if (issue.IssueDate != Today) return Refusal.IssueDateIsNotToday;
        if (issue.DueDate <= issue.IssueDate) return Refusal.DueDateNotAfterIssue;
        var programme = Minutes.Programme(by, Today);
        if (issue.DueDate > issue.IssueDate.AddMonths(programme?.TenorMonths ?? 12)) return Refusal.BeyondProgramme;
        if (!IsTerm(issue.Expires, 30)) return Refusal.OfferTermInvalid;
        if (WhyNoBackground(by, agent, issue.Documents, issue.Creditor, by, Int(issue.Amount)) is { } background) return background;
        if (programme is { ContractRequired: true } && issue.Documents.All(use => Papers[use.Document].Kind != DocumentKind.Contract)) return Refusal.BeyondProgramme;
        if (WhyUsedUp(issue.Documents) is { } conflict) return conflict;

        var note = confirmed ?? new(by, issue.Creditor, Int(issue.Amount)) { Requested = Int(issue.Amount), Confirmed = Int(issue.Amount) };
        Notes[issue.Instrument] = note;
        note.Status = InstrumentStatus.Offered;
        note.Face = Int(issue.Amount);
        note.IsTransferable = issue.Transferable;
        note.Due = issue.DueDate;
        note.IssueOffer = issue.Offer;
        Deals[issue.Offer] = new(OfferKind.Issue, by, issue.Creditor, agent, issue.Instrument, [], Int(issue.Amount), issue.Documents, issue.Expires);
        Promise(issue.Offer, issue.Documents);
        return Refusal.None;
    }

    Refusal Do(PartyId by, PartyId agent, PartyId[] signers, CancelReceivable cancel)
    {
        if (!Notes.TryGetValue(cancel.Instrument, out var note)) return Refusal.InstrumentNotFound;
        if (note.Status is not (InstrumentStatus.Offered or InstrumentStatus.Active)) return Refusal.InstrumentStatusWrong;
        if (note.Obligor != by) return Refusal.NotTheObligor;
        if (note.Status == InstrumentStatus.Offered)
        {
            End(note.IssueOffer, Deals[note.IssueOffer], OfferStatus.Withdrawn);
            return Refusal.None;
        }

        if (note.Units.Any(unit => unit.Act != note.IssueOffer || Binding(unit).Any())) return Refusal.InstrumentDependedOn;
        if (!SaysYes(note.Creditor, by, agent, signers, power => power.Verbs.Contains("receivable.cancel") && Exceeds(power, note.Face, note.Face, note.Obligor) is null))
            return Refusal.HolderDidNotSign;

        Free(note.IssueOffer);
        (note.Status, note.OverSince) = (InstrumentStatus.Cancelled, Now);
        note.Units = [];
        return Refusal.None;
    }

    // Offers

    Refusal Do(PartyId by, PartyId agent, AcceptOffer accept)
    {
        if (!Deals.TryGetValue(accept.Offer, out var deal)) return Refusal.OfferNotFound;
        if (deal.Status == OfferStatus.Expired) return Refusal.OfferExpired;
        if (deal.Status != OfferStatus.Open) return Refusal.OfferNotOpen;
        if (deal.To != by) return Refusal.NotTheOfferee;
        if (WhyNotAnswer(by, agent, deal.From, deal.Hand) is { } oneHand) return oneHand;
        if (Lost.Contains(deal.From)) return Refusal.OfferorLostKeys;
        if (deal.Kind != OfferKind.Pledge && Today >= Notes[deal.Note].Due) return Refusal.InstrumentDue;
        if (deal.Uses.Any(use => Papers[use.Document].Left < 0)) return Refusal.DocumentNoLongerCovers;

        deal.Status = OfferStatus.Accepted;
        if (deal.Kind != OfferKind.Issue) deal.OverSince = Now;
        if (deal.Kind == OfferKind.Pledge) Liens[accept.Offer] = new(deal.From, deal.To, deal.Amount);
        Use(accept.Offer);
        if (deal.Kind == OfferKind.Issue)
        {
            var note = Notes[deal.Note];
            note.Status = InstrumentStatus.Active;
            note.Units = [.. Enumerable.Range(0, note.Face).Select(_ => new Unit(deal.To, Gone: false, accept.Offer, 0, []))];
        }

        if (deal.Kind == OfferKind.Transfer) Move(accept.Offer, deal);
        return Refusal.None;
    }

    void Move(Id<Offer> id, Deal deal)
    {
        var note = Notes[deal.Note];
        var depth = deal.Units.Max(unit => note.Units[unit - 1].Depth) + 1;
        foreach (var unit in deal.Units)
        {
            var burdens = note.Units[unit - 1].Burdens.Where(burden => (burden.Kind, burden.By) != (EncumbranceKind.Offer, id.Value));
            note.Units[unit - 1] = new(deal.To, deal.To == note.Obligor, id, depth, [.. burdens]);
        }

        if (note.Units.All(unit => unit.Gone)) (note.Status, note.OverSince) = (InstrumentStatus.Settled, Now);
    }

    Refusal Close(PartyId by, PartyId agent, Id<Offer> id, OfferStatus how)
    {
        if (!Deals.TryGetValue(id, out var deal)) return Refusal.OfferNotFound;
        if (deal.Status == OfferStatus.Expired) return Refusal.OfferExpired;
        if (deal.Status != OfferStatus.Open) return Refusal.OfferNotOpen;
        if (how == OfferStatus.Declined && deal.To != by) return Refusal.NotTheOfferee;
        if (how == OfferStatus.Declined && WhyNotAnswer(by, agent, deal.From, deal.Hand) is { } oneHand) return oneHand;
        if (how == OfferStatus.Withdrawn && deal.From != by && !(Lost.Contains(deal.From) && SponsorOf(deal.From) == by)) return Refusal.NotTheOfferor;

        End(id, deal, how);
        return Refusal.None;
    }

    void End(Id<Offer> id, Deal deal, OfferStatus how)
    {
        (deal.Status, deal.OverSince) = (how, Now);
        Free(id);
        if (deal.Kind == OfferKind.Pledge) return;
        var note = Notes[deal.Note];
        foreach (var unit in note.Units) unit.Burdens.RemoveAll(burden => (burden.Kind, burden.By) == (EncumbranceKind.Offer, id.Value));
        if (deal.Kind != OfferKind.Issue) return;
        note.Status = note.WasRequested ? InstrumentStatus.Confirmed : InstrumentStatus.Cancelled;
        note.OverSince = note.WasRequested ? null : Now;
        note.Face = note.Requested;
    }

    // Tokens

    Refusal Do(PartyId by, PartyId agent, Transfer transfer)
    {
        if (!Notes.TryGetValue(transfer.Instrument, out var note)) return Refusal.InstrumentNotFound;
        if (Deals.ContainsKey(transfer.Offer)) return Refusal.OfferIdInUse;
        if (!Everybody.Contains(transfer.To)) return Refusal.PartyNotFound;
        if (note.Status != InstrumentStatus.Active) return Refusal.InstrumentStatusWrong;
        if (transfer.Cause == TransferCause.Issue) return Refusal.CauseNotTaken;
        if (!note.IsTransferable) return Refusal.NotTransferable;
        if (Today >= note.Due) return Refusal.InstrumentDue;
        if (transfer.To == by) return Refusal.TransferToSelf;
        if (transfer.Units.HasValue == transfer.Amount.HasValue) return Refusal.UnitsOrAmount;
        if (transfer.Amount is { IsZero: true }) return Refusal.AmountZero;

        var mine = Enumerable.Range(1, note.Face).Where(unit => note.Units[unit - 1] is { Gone: false } live && live.Holder == by).ToArray();
        int[] units;
        if (transfer.Units is { } named)
        {
            if (named.Last > (ulong)note.Face) return Refusal.UnitsDoNotExist;
            units = [.. Enumerable.Range((int)named.First, (int)named.Length)];
            foreach (var unit in units)
            {
                if (note.Units[unit - 1].Holder != by) return Refusal.UnitsNotHeld;
                if (note.Units[unit - 1].Gone) return Refusal.UnitsNotLive;
            }
        }
        else
        {
            var wanted = Int(transfer.Amount ?? default);
            if (mine.Length < wanted) return Refusal.NotEnoughHeld;
            units = [.. mine.OrderBy(unit => Binding(note.Units[unit - 1]).Any()).ThenBy(unit => unit).Take(wanted).Order()];
        }

        if (units.Length < Minutes.Rule(RuleParameter.MinimumTransfer, Today)) return Refusal.BelowMinimum;
        if (units.Max(unit => note.Units[unit - 1].Depth) >= Minutes.Rule(RuleParameter.MaximumDepth, Today)) return Refusal.TooDeep;
        if (units.Max(unit => note.Units[unit - 1].Depth) >= (Minutes.Programme(note.Obligor, Today)?.MaximumDepth ?? int.MaxValue)) return Refusal.BeyondProgramme;
        var cuts = units.Count(unit => !units.Contains(unit - 1) && !note.Begins(unit)) + units.Count(unit => !units.Contains(unit + 1) && !note.Begins(unit + 1));
        if (cuts > 0 && note.RunsOf(by) + cuts > MaximumTokens) return Refusal.TooManyTokens;
        if (!IsTerm(transfer.Expires, 30)) return Refusal.OfferTermInvalid;
        if (WhyNoBackground(by, agent, transfer.Documents, transfer.To, by, units.Length) is { } background) return background;
        foreach (var unit in units)
        {
            if (Binding(note.Units[unit - 1]).ToArray() is not [var burden, ..]) continue;
            return burden.Kind == EncumbranceKind.Freeze ? Refusal.UnitsFrozen : Refusal.UnitsOffered;
        }

        if (WhyUsedUp(transfer.Documents) is { } conflict) return conflict;

        Deals[transfer.Offer] = new(OfferKind.Transfer, by, transfer.To, agent, transfer.Instrument, units, units.Length, transfer.Documents, transfer.Expires);
        Promise(transfer.Offer, transfer.Documents);
        foreach (var unit in units) note.Units[unit - 1].Burdens.Add((EncumbranceKind.Offer, transfer.Offer.Value, transfer.Expires));
        return Refusal.None;
    }

    // Freezes

    IEnumerable<(EncumbranceKind Kind, UInt128 By, Timestamp Until)> Binding(Unit unit) => unit.Burdens.Where(burden => burden.Until > Now);

    static DateOnly DayOf(Timestamp time) => time.DateAt(480);

    static Timestamp EndOf(DateOnly day) => Timestamp.StartOf(day.AddDays(1), 480);

    bool HasOtherBank(PartyId by, PartyId[] signers) => signers.Any(bank => IsBank(bank) && !Lost.Contains(bank) && AreApart(by, bank));

    Refusal Do(PartyId by, PartyId[] signers, FreezeUnits freeze)
    {
        if (!Notes.TryGetValue(freeze.Instrument, out var note)) return Refusal.InstrumentNotFound;
        if (Stops.ContainsKey(freeze.Freeze)) return Refusal.FreezeIdInUse;
        if (note.Status != InstrumentStatus.Active) return Refusal.InstrumentStatusWrong;
        if (!IsBank(by)) return Refusal.RoleMissing;
        if (freeze.Units is null == freeze.Amount is null) return Refusal.UnitsOrAmount;
        if (freeze.Amount is null && freeze.Holder is not null) return Refusal.HolderNotTaken;
        if (freeze.Amount is not null && freeze.Holder is null) return Refusal.HolderNotNamed;
        int[] units;
        if (freeze.Units is { } named)
        {
            if (named.Last > (ulong)note.Face) return Refusal.UnitsDoNotExist;
            units = [.. Enumerable.Range((int)named.First, (int)named.Length)];
            if (units.Any(unit => note.Units[unit - 1].Gone)) return Refusal.UnitsNotLive;
        }
        else
        {
            var wanted = Int(freeze.Amount ?? default);
            if (wanted == 0) return Refusal.AmountZero;
            var theirs = Enumerable.Range(1, note.Face).Where(unit => note.Units[unit - 1] is { Gone: false } one && one.Holder == freeze.Holder).ToArray();
            if (theirs.Length < wanted) return Refusal.NotEnoughHeld;
            units = [.. theirs.OrderBy(unit => Binding(note.Units[unit - 1]).Any(burden => burden.Kind == EncumbranceKind.Freeze)).ThenBy(unit => unit).Take(wanted).Order()];
        }

        if (freeze.Authority.Length is 0 or > 100) return Refusal.TextInvalid;
        if (freeze.LastDay < DayOf(Now) || freeze.LastDay.AddYears(-3) > DayOf(Now)) return Refusal.FreezeTermInvalid;
        var isAlone = !HasOtherBank(by, signers);
        if (isAlone && freeze.LastDay > DayOf(Now.Add(72 * Timestamp.Hour))) return Refusal.FreezeNeedsSecond;
        foreach (var unit in units)
        {
            var own = note.Units[unit - 1].Burdens.Where(burden => burden.Kind == EncumbranceKind.Freeze).Select(burden => Stops[new(burden.By)]).Where(stop => stop.By == by).ToArray();
            if (isAlone && own.Any(stop => stop.IsAlone)) return Refusal.FrozenInEmergency;
            if (own.Length >= 16) return Refusal.TooManyFreezes;
        }

        foreach (var (id, deal) in Deals)
        {
            if (deal is { Status: OfferStatus.Open, Kind: OfferKind.Transfer } && deal.Note == freeze.Instrument && deal.Units.Intersect(units).Any()) End(id, deal, OfferStatus.Lapsed);
        }

        var until = EndOf(freeze.LastDay);
        foreach (var unit in units) note.Units[unit - 1].Burdens.Add((EncumbranceKind.Freeze, freeze.Freeze.Value, until));
        Stops[freeze.Freeze] = new(freeze.Instrument, by, isAlone, until, isAlone ? until.Add(720 * Timestamp.Hour) : until);
        return Refusal.None;
    }

    Refusal Do(PartyId by, PartyId[] signers, ExtendFreeze extend)
    {
        if (!Stops.TryGetValue(extend.Freeze, out var stop) || stop.Until <= Now) return Refusal.FreezeNotFound;
        if (stop.By != by) return Refusal.NotTheExecutor;
        if (extend.LastDay < DayOf(Now) || extend.LastDay.AddYears(-3) > DayOf(Now) || EndOf(extend.LastDay) <= stop.Until) return Refusal.FreezeTermInvalid;
        if (!HasOtherBank(by, signers)) return Refusal.FreezeNeedsSecond;

        Reterm(extend.Freeze, stop with { IsAlone = false, Until = EndOf(extend.LastDay), KeptUntil = EndOf(extend.LastDay) });
        return Refusal.None;
    }

    Refusal Do(PartyId by, UnfreezeUnits unfreeze)
    {
        if (!Stops.TryGetValue(unfreeze.Freeze, out var stop) || stop.Until <= Now) return Refusal.FreezeNotFound;
        if (stop.By != by) return Refusal.NotTheExecutor;

        if (stop.IsAlone) Reterm(unfreeze.Freeze, stop with { Until = Now });
        else Lift(unfreeze.Freeze, stop);
        return Refusal.None;
    }

    void Reterm(Id<Freeze> id, Stop stop)
    {
        Stops[id] = stop;
        foreach (var unit in Notes[stop.Note].Units)
        {
            var place = unit.Burdens.FindIndex(burden => (burden.Kind, burden.By) == (EncumbranceKind.Freeze, id.Value));
            if (place >= 0) unit.Burdens[place] = unit.Burdens[place] with { Until = stop.Until };
        }
    }

    void Lift(Id<Freeze> id, Stop stop)
    {
        Stops.Remove(id);
        foreach (var unit in Notes[stop.Note].Units) unit.Burdens.RemoveAll(burden => (burden.Kind, burden.By) == (EncumbranceKind.Freeze, id.Value));
    }

    // Members

    Refusal Do(PartyId by, GrantMandate grant)
    {
        if (Powers.ContainsKey(grant.Id)) return Refusal.MandateIdInUse;
        if (grant.Agent == by) return Refusal.AgentIsPrincipal;
        if (!Everybody.Contains(grant.Agent)) return Refusal.PartyNotFound;
        if (!IsTerm(grant.Expires, 365)) return Refusal.TermInvalid;

        Powers[grant.Id] = new(by, grant.Agent, grant.Verbs, Int(grant.Cap), grant.Counterparties, grant.Expires);
        return Refusal.None;
    }

    Refusal Do(PartyId by, RevokeMandate revoke)
    {
        if (!Powers.TryGetValue(revoke.Id, out var power)) return Refusal.MandateNotFound;
        if (by != power.Principal && by != power.Agent && by != SponsorOf(power.Principal)) return Refusal.NotOfTheMandate;

        Powers.Remove(revoke.Id);
        return Refusal.None;
    }

    Refusal Do(PartyId by, ReportLost report)
    {
        if (!Everybody.Contains(report.Party)) return Refusal.PartyNotFound;
        if (Lost.Contains(report.Party)) return Refusal.PartyNotActive;
        if (by != SponsorOf(report.Party)) return Refusal.NotTheSponsor;

        Lost.Add(report.Party);
        return Refusal.None;
    }

    // Of itself a party says it alone while nobody did; two banks say the rest, and let go of nobody that is near them.
    Refusal Do(PartyId by, PartyId[] signers, DeclareControl declare)
    {
        if (!Everybody.Contains(declare.Party)) return Refusal.PartyNotFound;
        if (declare.Controller == declare.Party) return Refusal.ControllerIsSelf;
        var owner = Owners.GetValueOrDefault(declare.Party) ?? new(null, false, []);
        if (owner.Now == declare.Controller) return Refusal.ControlUnchanged;
        var isOwnWord = by == declare.Party && owner.Now is null;
        if (!isOwnWord && !IsBank(by)) return Refusal.RoleMissing;
        var banks = signers.Where(bank => IsBank(bank) && !Lost.Contains(bank)).ToArray();
        bool Counts(PartyId bank) => owner.Now is { } left && (declare.Controller is null || !owner.IsOwnWord)
            ? IsNoGainersBank(bank, declare.Party) && IsNoGainersBank(bank, left)
            : bank != declare.Party && !(IsNew(declare.Party) && bank == SponsorOf(declare.Party));
        if (!isOwnWord && !banks.Any(one => Counts(one) && banks.Any(other => Counts(other) && AreApart(one, other)))) return Refusal.TwoInstitutionsMissing;
        var before = owner.Before.Where(one => one.Who != declare.Controller && IsRecent(one.Until)).Concat(owner.Now is { } sold ? [(sold, Today)] : []).ToArray();
        if (declare.Controller is null) before = [.. before.TakeLast(8)];
        if (before.Length > 8) return Refusal.TooManyControllers;

        Owners[declare.Party] = new(declare.Controller, isOwnWord, [.. before]);
        return Refusal.None;
    }

    bool IsTerm(Timestamp until, int days) => until.IsWholeMinute && until > Now && until <= Now.Add(days * Timestamp.Day);

    static int Int(Amount amount) => (int)amount.Minor;
}
