using System.Collections.Concurrent;
using Ledger.Core.State;

namespace Ledger.Node.Access;

/// <summary>Whether whoever reaches the node may read, or only who shows a pass.</summary>
public enum Reads
{
    Signed,

    /// <summary>Everybody sees everything: only on loopback, for demos and tests.</summary>
    Open,
}

/// <summary>
/// Tells who calls. A pass that was verified is remembered until it ends, so that a caller who uses one for many reads costs one verification;
/// whether its key, mandate and roles still stand is asked of the ledger each time.
/// </summary>
public sealed class Gate(LedgerReader ledger, Reads reads, TimeProvider time)
{
    // More passes than this at once are somebody who makes a new one for every read; then the oldest memory is the cheapest to lose.
    const int MostRemembered = 10_000;

    readonly ConcurrentDictionary<string, ReadPass> verified = new(StringComparer.Ordinal);
    readonly SpentPasses spent = new();

    // What was spent before is not remembered, so what was made before begins no session.
    readonly long began = time.GetUtcNow().ToUnixTimeSeconds();

    long Now => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>
    /// Pays for what must be verified first: from the budget that the key which a pass names has at this address, where the ledger knows it, and only
    /// then from the one that everything else of the address shares. So junk does not use up what honest callers behind the same address need, and
    /// whoever names another's key elsewhere costs that other nothing.
    /// </summary>
    public bool TryPay(string? authorization, RateLimits limits, string address, out TimeSpan later)
    {
        later = TimeSpan.Zero;
        if (string.IsNullOrEmpty(authorization)) return true;
        if (TextOf(authorization) is { } text)
        {
            if (verified.ContainsKey(text)) return true;
            if (ReadPass.KeyNamedBy(text) is { } kid && ReadPass.KeyIsGood(ledger.View.State.Untracked().At(ledger.View.Header.Height, ledger.LedgerTime), kid)
                && limits.TryTake($"{kid}@{address}", RateClass.KnownPass, out later)) return true;
        }

        return limits.TryTake(address, RateClass.Pass, out later);
    }

    /// <summary>
    /// Reads an <c>Authorization</c> header: the caller, or why it is not let in. No header is nobody in particular, or everybody where reads are open.
    /// </summary>
    public Caller? Admit(string? authorization, out Refusal refusal, out string? reason)
    {
        refusal = Refusal.None;
        reason = null;
        if (string.IsNullOrEmpty(authorization)) return reads == Reads.Open ? Caller.Open : Caller.Anonymous;
        if (TextOf(authorization) is not { } text)
        {
            (refusal, reason) = (Refusal.PassMalformed, "Authorization");
            return null;
        }

        var state = ledger.View.State.Untracked().At(ledger.View.Header.Height, ledger.LedgerTime);
        if (!verified.TryGetValue(text, out var pass))
        {
            if (!ReadPass.TryRead(text, PassUse.Read, state, ledger.Bank, Now, out pass, out refusal, out reason)) return null;
            Remember(text, pass);
        }

        refusal = Judge(state, pass);
        if (refusal == Refusal.None) return CallerOf(state, pass, out refusal);
        verified.TryRemove(text, out _);
        return null;
    }

    /// <summary>Reads a pass that begins a session, and spends it: the caller, or why no session begins.</summary>
    public Caller? AdmitOnce(string text, out Refusal refusal)
    {
        var state = ledger.View.State.Untracked().At(ledger.View.Header.Height, ledger.LedgerTime);
        if (!ReadPass.TryRead(text, PassUse.Session, state, ledger.Bank, Now, out var pass, out refusal, out _)) return null;
        if (CallerOf(state, pass, out refusal) is not { } caller) return null;
        refusal = pass.Issued < began ? Refusal.PassExpired : spent.Spend(pass, Now);
        return refusal == Refusal.None ? caller : null;
    }

    Refusal Judge(LedgerState state, ReadPass pass)
    {
        if (pass.Expires <= Now - ReadPass.SkewSeconds) return Refusal.PassExpired;
        return ReadPass.KeyIsGood(state, pass.Key) ? Refusal.None : Refusal.PassKeyUnknown;
    }

    static Caller? CallerOf(LedgerState state, ReadPass pass, out Refusal refusal)
    {
        refusal = Refusal.None;
        if (pass.OnBehalfOf is not { } principal) return state.Party(pass.Key.Party) is { } party ? Caller.Of(pass.Key, party) : Unknown(out refusal);
        var mandates = state.Mandates(principal, pass.Key.Party).Where(mandate => mandate.Expires > state.Now).ToArray();
        if (mandates.Length > 0 && state.Party(principal) is { } whole) return Caller.OnBehalf(pass.Key, whole, mandates);
        refusal = Refusal.PassWithoutMandate;
        return null;
    }

    static Caller? Unknown(out Refusal refusal)
    {
        refusal = Refusal.PassKeyUnknown;
        return null;
    }

    void Remember(string text, ReadPass pass)
    {
        if (verified.Count >= MostRemembered)
        {
            foreach (var (known, one) in verified)
            {
                if (one.Expires <= Now - ReadPass.SkewSeconds) verified.TryRemove(known, out _);
            }

            if (verified.Count >= MostRemembered) verified.Clear();
        }

        verified.TryAdd(text, pass);
    }

    static string? TextOf(string? authorization) =>
        authorization is not null && authorization.StartsWith(ReadPass.Scheme + " ", StringComparison.OrdinalIgnoreCase) ? authorization[(ReadPass.Scheme.Length + 1)..] : null;
}
