using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ledger.Core.Primitives;
using Ledger.Node.Access;
using Base64Url = Ledger.Core.Primitives.Base64Url;

namespace Ledger.Node.Web;

/// <summary>
/// Who has signed in, in memory only: a restart signs everybody out. A session begins with a pass that was verified and spent, is named by 256 random
/// bits, and says only which key showed it; what that key may see is asked of the ledger at every request. A party that signs in ever again ends sessions
/// of its own and nobody else's.
/// </summary>
sealed class Sessions(TimeProvider time)
{
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    /// <summary>More people than a party has at a console at once; beyond it that one of its own which was idle longest has to sign in again.</summary>
    public const int MostOfParty = 50;

    // What is gone is looked for when so many are there, which is when it costs nothing beside them.
    const int Many = 1_000;

    readonly Lock beginning = new();

    // By the hash of the name, so that looking one up tells nothing of the others by the time that it takes.
    readonly ConcurrentDictionary<Hash256, Session> sessions = new();

    /// <summary>Begins a session and gives its name, which is told to the browser and kept nowhere.</summary>
    public string Begin(KeyId key, PartyId? onBehalfOf)
    {
        var now = time.GetUtcNow();
        var name = Base64Url.Encode(RandomNumberGenerator.GetBytes(32));
        lock (beginning)
        {
            if (sessions.Count >= Many) Tidy(now);
            var own = sessions.Where(pair => pair.Value.Key.Party == key.Party).ToArray();
            if (own.Length >= MostOfParty) sessions.TryRemove(own.MinBy(pair => pair.Value.Used).Key, out _);
            sessions[HashOf(name)] = new(key, onBehalfOf, now, now);
        }

        return name;
    }

    public Session? Find(string? name)
    {
        if (name is null || !sessions.TryGetValue(HashOf(name), out var session)) return null;
        var now = time.GetUtcNow();
        if (!session.IsGoodAt(now))
        {
            sessions.TryRemove(HashOf(name), out _);
            return null;
        }

        sessions.TryUpdate(HashOf(name), session with { Used = now }, session);
        return session;
    }

    public void End(string? name)
    {
        if (name is not null) sessions.TryRemove(HashOf(name), out _);
    }

    void Tidy(DateTimeOffset now)
    {
        foreach (var (name, session) in sessions)
        {
            if (!session.IsGoodAt(now)) sessions.TryRemove(name, out _);
        }
    }

    static Hash256 HashOf(string name) => Hash256.Read(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));
}

/// <summary>A key that showed a pass, for itself or for a principal, and when.</summary>
sealed record Session(KeyId Key, PartyId? OnBehalfOf, DateTimeOffset Since, DateTimeOffset Used)
{
    public bool IsGoodAt(DateTimeOffset now) => now - Used < Sessions.Idle && now - Since < Sessions.Longest && now >= Since;

    /// <summary>Who that is now, or null where the key, the party or the mandate no longer stands.</summary>
    public Caller? Caller(LedgerReader ledger)
    {
        var state = ledger.View.State.Untracked().At(ledger.View.Header.Height, ledger.LedgerTime);
        if (!ReadPass.KeyIsGood(state, Key)) return null;
        if (OnBehalfOf is not { } principal) return state.Party(Key.Party) is { } party ? Access.Caller.Of(Key, party) : null;
        var mandates = state.Mandates(principal, Key.Party).Where(mandate => mandate.Expires > state.Now).ToArray();
        return mandates.Length > 0 && state.Party(principal) is { } whole ? Access.Caller.OnBehalf(Key, whole, mandates) : null;
    }
}
