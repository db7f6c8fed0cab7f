using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>An answered transaction id: the payload it stood for, and until when it is kept.</summary>
public sealed record UsedId(Hash256 PayloadHash, Timestamp Expires, bool LongLived);

/// <summary>
/// The ids that expire in one minute: an append-only list, dropped whole. <paramref name="Digest"/> chains them in the order they were used.
/// </summary>
public sealed record MinuteOfIds(uint Count, Hash256 Digest, UsedIdName? Newest);

/// <summary>A link of the list of a minute's ids.</summary>
public sealed record UsedIdName(PartyId Party, Id<Transaction> Id, UsedIdName? Earlier);

/// <summary>One party's double-pledge attempts of one day: each object once.</summary>
public sealed record Attempts(int Count, ValueList<UInt128> Subjects);

/// <summary>What single signatures of a party moved on a day, in one currency.</summary>
public sealed record Spending(DateOnly Day, Amount Total);
