using System.Globalization;
using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Notices;

/// <summary>
/// Where a notice stands among all: the leaf of the history, and what it is there: 0 the entry itself, from 1 on what time did when the block of that
/// envelope's leaf was opened. Written <c>leaf.number</c>; it is the same on every node and never changes, so a reader goes on from it anywhere.
/// </summary>
public readonly record struct NoticeId(ulong Leaf, uint Number) : IComparable<NoticeId>
{
    /// <summary>Before every notice.</summary>
    public static readonly NoticeId None;

    public int CompareTo(NoticeId other) => Leaf != other.Leaf ? Leaf.CompareTo(other.Leaf) : Number.CompareTo(other.Number);

    public static bool TryParse(string? text, out NoticeId id)
    {
        id = default;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (text is null || dot < 0
            || !ulong.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var leaf)
            || !uint.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        id = new(leaf, number);
        return id.ToString() == text;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Leaf}.{Number}");
}

/// <summary>
/// That something happened on the ledger: which verbs of whom with which answer, or what a deadline did; the rest is read under its leaf by whoever may
/// read it. Nothing here is more than the notified party may see.
/// </summary>
public sealed record Notice(NoticeId Id, ulong Height, Timestamp At, string Type, PartyId By, Refusal Code, string? Subject)
{
    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("id", Id.ToString());
        json.WriteString("type", Type);
        json.WriteString("timestamp", DateTimeOffset.FromUnixTimeMilliseconds(At.UnixMilliseconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteStartObject("data");
        json.WriteNumber("height", Height);
        json.WriteNumber("leaf", Id.Leaf);
        json.WriteNumber("ledgerTime", At.UnixMilliseconds);
        if (By != default) json.WriteString("party", By.Text);
        json.WriteNumber("code", (ushort)Code);
        if (Subject is not null) json.WriteString("subject", Subject);
        json.WriteEndObject();
    }
}

/// <summary>Notices in order, and up to which place all were looked through: what is sought next comes after it.</summary>
public sealed record NoticePage(IReadOnlyList<Notice> Notices, NoticeId Through);

/// <summary>Where notices come from, in order; the same question has the same answer at any time, but for what came after.</summary>
public interface INoticeSource
{
    /// <summary>
    /// At most <paramref name="limit"/> notices after a place that a party may see now and that are wanted. A page may be empty and still lead on; where
    /// it does not, there is nothing yet.
    /// </summary>
    NoticePage After(NoticeId after, PartyId party, Func<Notice, bool> wants, int limit);

    /// <summary>Whether a party may be told anything at all now.</summary>
    bool MayBeTold(PartyId party);

    /// <summary>A place after everything that is final now.</summary>
    NoticeId Newest { get; }

    /// <summary>Completes when there may be newer ones.</summary>
    Task Changed { get; }
}
