using System.Collections.Immutable;
using Ledger.Core.Collections;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// What is kept beside the records, so that nobody walks through all of them: it follows from them and is not hashed itself. How each kind is kept in step is said here,
/// for a write and for a state that is restored alike.
/// </summary>
static class Beside
{
    /// <summary>Keys of parties and of nodes: a public key is registered once.</summary>
    public static readonly Slot<ImmutableHashSet<ByteString>> PublicKeys = new([]);

    public static readonly Slot<Map<(PartyId Principal, PartyId Agent), ImmutableSortedSet<Id<Mandate>>>> MandatesOf =
        new(Map<(PartyId, PartyId), ImmutableSortedSet<Id<Mandate>>>.Empty);

    /// <summary>The payments of an instrument that announce something.</summary>
    public static readonly Slot<Map<Id<Instrument>, ImmutableSortedSet<Id<Payment>>>> Announcements =
        new(Map<Id<Instrument>, ImmutableSortedSet<Id<Payment>>>.Empty);

    /// <summary>How many instruments a party owes from each day of issue.</summary>
    public static readonly Slot<Map<PartyId, ImmutableSortedDictionary<DateOnly, int>>> Debts =
        new(Map<PartyId, ImmutableSortedDictionary<DateOnly, int>>.Empty);

    /// <summary>In the order of their beginning: every act asks which is in force.</summary>
    public static readonly Slot<ImmutableList<RuleSet>> RuleSets = new([]);

    public static readonly Slot<ImmutableList<Epoch>> Epochs = new([]);

    /// <summary>What is forgotten first comes first.</summary>
    public static readonly Slot<ImmutableSortedSet<long>> Minutes = new([]);

    public static readonly Slot<ImmutableSortedSet<(DateOnly Day, PartyId Party)>> DaysOfAttempts = new([]);

    /// <summary>
    /// The ids behind the digests of their minutes. They are no records: a minute's are an append-only list of which only the digest is hashed, so that one is added
    /// without writing the others again, and a minute's are dropped by removing one record.
    /// </summary>
    public static readonly Slot<Map<(PartyId, Id<Transaction>), UsedId>> Ids = new(Map<(PartyId, Id<Transaction>), UsedId>.Empty);

    /// <summary>What leaves with an instrument, beside its tokens, for it would not leave before it by itself.</summary>
    public static readonly Slot<Map<Id<Instrument>, Attached>> OnInstruments = new(Map<Id<Instrument>, Attached>.Empty);

    public static readonly Slot<Map<Id<Instrument>, ImmutableSortedSet<string>>> MessagesOn = new(Map<Id<Instrument>, ImmutableSortedSet<string>>.Empty);

    /// <summary>The bank references that were spent on a value date.</summary>
    public static readonly Slot<Map<DateOnly, ImmutableSortedSet<string>>> ReferencesOn = new(Map<DateOnly, ImmutableSortedSet<string>>.Empty);

    /// <summary>What something can still come of: few, for each bank may have so many.</summary>
    public static readonly Slot<ImmutableSortedSet<Id<Proposal>>> PendingProposals = new([]);

    public static void OfKey(LedgerState state, KeyId _, PartyKey? before, PartyKey? after)
    {
        if (after is not null) state.Set(PublicKeys, state.Of(PublicKeys).Add(after.PublicKey));
    }

    public static void OfValidator(LedgerState state, PartyId _, Validator? before, Validator? after)
    {
        if (before?.NodeKey == after?.NodeKey) return;
        var keys = state.Of(PublicKeys);
        if (before is not null) keys = keys.Remove(before.NodeKey);
        state.Set(PublicKeys, after is null ? keys : keys.Add(after.NodeKey));
    }

    public static void OfProposal(LedgerState state, Id<Proposal> id, Proposal? before, Proposal? after)
    {
        var pending = state.Of(PendingProposals);
        state.Set(PendingProposals, after is { IsPending: true } ? pending.Add(id) : pending.Remove(id));
    }

    public static void OfMandate(LedgerState state, Id<Mandate> id, Mandate? before, Mandate? after) =>
        state.Set(MandatesOf, Among(state.Of(MandatesOf), id, PairOf(before), PairOf(after)));

    public static void OfPayment(LedgerState state, Id<Payment> id, Payment? before, Payment? after)
    {
        state.Set(Announcements, Among(state.Of(Announcements), id, Announcing(before), Announcing(after)));
        Attach(state, Section.Payments, id.Value, Of(before), Of(after));

        static OnInstrument? Of(Payment? payment) => payment is null ? null : new(payment.Instrument, payment.EndedAt, IsOpen: payment.Announced.Count > 0);
    }

    // A pledge of documents is on no instrument.
    public static void OfOffer(LedgerState state, Id<Offer> id, Offer? before, Offer? after)
    {
        Attach(state, Section.Offers, id.Value, Of(before), Of(after));

        static OnInstrument? Of(Offer? offer) => offer is null || offer.Instrument == default
            ? null
            : new(offer.Instrument, offer.EndedAt, IsOpen: offer.Status is OfferStatus.Open or OfferStatus.AwaitsRegister);
    }

    public static void OfFinancing(LedgerState state, Id<Financing> id, Financing? before, Financing? after)
    {
        Attach(state, Section.Financings, id.Value, Of(before), Of(after));

        static OnInstrument? Of(Financing? financing) => financing is null
            ? null
            : new(
                financing.Instrument, financing.EndedAt,
                IsOpen: financing.Status is FinancingStatus.Applied or FinancingStatus.Approved or FinancingStatus.Registered or FinancingStatus.Disbursed);
    }

    public static void OfFreeze(LedgerState state, Id<Freeze> id, Freeze? before, Freeze? after)
    {
        Attach(state, Section.Freezes, id.Value, Of(before), Of(after));

        static OnInstrument? Of(Freeze? freeze) => freeze is null ? null : new(freeze.Instrument, EndedAt: default, IsOpen: false);
    }

    public static void OfMessage(LedgerState state, string id, RegisterMessage? before, RegisterMessage? after) =>
        state.Set(MessagesOn, Among(state.Of(MessagesOn), id, before?.Instrument, after?.Instrument, StringComparer.Ordinal));

    public static void OfReference(LedgerState state, (string Text, DateOnly ValueDate) key, BankReference? before, BankReference? after)
    {
        var days = state.Of(ReferencesOn);
        var texts = days.GetValueOrDefault(key.ValueDate) ?? ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
        texts = after is null ? texts.Remove(key.Text) : texts.Add(key.Text);
        state.Set(ReferencesOn, texts.IsEmpty ? days.Remove(key.ValueDate) : days.SetItem(key.ValueDate, texts));
    }

    public static void OfInstrument(LedgerState state, Id<Instrument> id, Instrument? before, Instrument? after)
    {
        if (before?.EndedAt != after?.EndedAt) Detach(state, id);
        if (DebtOf(before) == DebtOf(after)) return;
        var debts = state.Of(Debts);
        if (DebtOf(before) is var (debtor, since))
        {
            var days = debts[debtor];
            days = days[since] == 1 ? days.Remove(since) : days.SetItem(since, days[since] - 1);
            debts = days.IsEmpty ? debts.Remove(debtor) : debts.SetItem(debtor, days);
        }

        if (DebtOf(after) is var (obligor, issued))
        {
            var days = debts.GetValueOrDefault(obligor) ?? ImmutableSortedDictionary<DateOnly, int>.Empty;
            debts = debts.SetItem(obligor, days.SetItem(issued, days.GetValueOrDefault(issued) + 1));
        }

        state.Set(Debts, debts);
    }

    public static void OfRules(LedgerState state, DateOnly _, RuleSet? before, RuleSet? after)
    {
        var others = before is null ? state.Of(RuleSets) : state.Of(RuleSets).Remove(before);
        state.Set(RuleSets, after is null ? others : others.Insert(others.Count(rules => rules.From < after.From), after));
    }

    public static void OfEpoch(LedgerState state, uint _, Epoch? before, Epoch? after)
    {
        var others = before is null ? state.Of(Epochs) : state.Of(Epochs).Remove(before);
        state.Set(Epochs, after is null ? others : others.Insert(others.Count(epoch => epoch.Number < after.Number), after));
    }

    public static void OfMinute(LedgerState state, long minute, MinuteOfIds? before, MinuteOfIds? after)
    {
        if (before is null || after is null) state.Set(Minutes, after is null ? state.Of(Minutes).Remove(minute) : state.Of(Minutes).Add(minute));
    }

    public static void OfAttempts(LedgerState state, (PartyId Party, DateOnly Day) key, Attempts? before, Attempts? after)
    {
        if (before is null || after is null)
            state.Set(DaysOfAttempts, after is null ? state.Of(DaysOfAttempts).Remove((key.Day, key.Party)) : state.Of(DaysOfAttempts).Add((key.Day, key.Party)));
    }

    public static void OfBlockTime(LedgerState state, Sole _, BlockTime? before, BlockTime? after)
    {
        if (after is not null) state.Stand(after);
    }

    static void Attach(LedgerState state, Section section, UInt128 id, OnInstrument? before, OnInstrument? after)
    {
        var (old, now) = (AttachedBy(state, before), AttachedBy(state, after));
        if (old == now) return;
        var all = state.Of(OnInstruments);
        if (old is { } known) all = With(all, known.Instrument, all[known.Instrument].Without((section, id), known.IsOpen));
        if (now is { } thing) all = With(all, thing.Instrument, (all.GetValueOrDefault(thing.Instrument) ?? Attached.Nothing).With((section, id), thing.IsOpen));
        state.Set(OnInstruments, all);
    }

    // What is over leaves before its instrument, but for what ended after it.
    static OnInstrument? AttachedBy(LedgerState state, OnInstrument? thing) =>
        thing is { } on && (on.EndedAt == default || (state.Instrument(on.Instrument)?.EndedAt is { UnixMilliseconds: > 0 } ended && on.EndedAt > ended))
            ? on with { EndedAt = default }
            : null;

    // Its instrument's end moved back, or is none: what was over after it may not be any more.
    static void Detach(LedgerState state, Id<Instrument> id)
    {
        var all = state.Of(OnInstruments);
        if (all.GetValueOrDefault(id) is not { } attached) return;
        var left = attached;
        foreach (var thing in attached.Things)
        {
            if (AttachedBy(state, new(id, EndOf(state, thing), IsOpen: false)) is null) left = left.Without(thing, isOpen: false);
        }

        if (left != attached) state.Set(OnInstruments, With(all, id, left));
    }

    static Timestamp EndOf(LedgerState state, (Section Section, UInt128 Id) thing) => thing.Section switch
    {
        Section.Offers => state.Offer(new(thing.Id))?.EndedAt ?? default,
        Section.Financings => state.Financing(new(thing.Id))?.EndedAt ?? default,
        Section.Payments => state.Payment(new(thing.Id))?.EndedAt ?? default,
        _ => default,
    };

    static Map<Id<Instrument>, Attached> With(Map<Id<Instrument>, Attached> all, Id<Instrument> instrument, Attached attached) =>
        attached.Things.IsEmpty ? all.Remove(instrument) : all.SetItem(instrument, attached);

    static Map<TGroup, ImmutableSortedSet<TMember>> Among<TGroup, TMember>(
        Map<TGroup, ImmutableSortedSet<TMember>> groups, TMember member, TGroup? before, TGroup? after, IComparer<TMember>? order = null)
        where TGroup : struct
    {
        if (EqualityComparer<TGroup?>.Default.Equals(before, after)) return groups;
        if (before is { } old)
        {
            var left = groups[old].Remove(member);
            groups = left.IsEmpty ? groups.Remove(old) : groups.SetItem(old, left);
        }

        return after is { } group ? groups.SetItem(group, (groups.GetValueOrDefault(group) ?? ImmutableSortedSet.Create<TMember>(order)).Add(member)) : groups;
    }

    static (PartyId Principal, PartyId Agent)? PairOf(Mandate? mandate) => mandate is null ? null : (mandate.Principal, mandate.Agent);

    static Id<Instrument>? Announcing(Payment? payment) => payment is { Announced.Count: > 0 } ? payment.Instrument : null;

    static (PartyId Obligor, DateOnly Issued)? DebtOf(Instrument? instrument) =>
        instrument is { Status: InstrumentStatus.Active } ? (instrument.Obligor, instrument.IssueDate) : null;
}

/// <summary>The section and id of each thing that leaves with an instrument, and how many of them can still come to something.</summary>
sealed record Attached(ImmutableSortedSet<(Section Section, UInt128 Id)> Things, int Open)
{
    public static readonly Attached Nothing = new([], 0);

    public Attached With((Section, UInt128) thing, bool isOpen) => new(Things.Add(thing), Open + (isOpen ? 1 : 0));

    public Attached Without((Section, UInt128) thing, bool isOpen) => new(Things.Remove(thing), Open - (isOpen ? 1 : 0));
}

/// <summary>What a thing on an instrument says of that.</summary>
readonly record struct OnInstrument(Id<Instrument> Instrument, Timestamp EndedAt, bool IsOpen);
