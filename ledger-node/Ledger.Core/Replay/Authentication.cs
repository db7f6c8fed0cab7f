using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Core.Replay;

/// <summary>A transaction whose signatures verified under these public keys, one for each signer in order.</summary>
public sealed record Authenticated(SignedTransaction Transaction, ValueList<ByteString> Keys);

/// <summary>
/// Whether a transaction's signatures are its signers'. A key number never changes its key, so a verification done before ordering still holds
/// when the batch is folded.
/// </summary>
public static class Authentication
{
    public static Authenticated? Verify(LedgerState state, SignedTransaction transaction, out Verdict.Refused? refused)
    {
        refused = null;
        var keys = new ByteString[transaction.Signers.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var signer = transaction.Signers[i];
            if (PublicKey(state, transaction.Body, signer) is not { } key)
            {
                refused = Verdict.No(Refusal.KeyUnknown, signer.ToString());
                return null;
            }

            var part = transaction.Parts[i];
            if (!state.Chain.Suite.Verify(key, part.Message.Span, part.Signature.Span))
            {
                refused = Verdict.No(Refusal.SignatureInvalid, signer.ToString());
                return null;
            }

            keys[i] = key;
        }

        return new(transaction, [.. keys]);
    }

    /// <summary>Whether an earlier verification was under the keys that the state now has.</summary>
    public static bool StillHolds(LedgerState state, Authenticated known)
    {
        var transaction = known.Transaction;
        for (var i = 0; i < known.Keys.Count; i++)
        {
            if (PublicKey(state, transaction.Body, transaction.Signers[i]) != known.Keys[i]) return false;
        }

        return true;
    }

    /// <summary>A signer's key; a party that is only now being registered signs with the key that the payload brings. Null for nobody's.</summary>
    public static ByteString? PublicKey(LedgerState state, Transaction transaction, KeyId signer)
    {
        if (state.Key(signer) is { } key) return key.PublicKey;
        if (signer.Number != 1) return null;
        foreach (var operation in transaction.Operations)
        {
            if (operation is RegisterParty register && register.Id == signer.Party && register.Keys.Count > 0) return register.Keys[0].PublicKey;
        }

        return null;
    }
}
