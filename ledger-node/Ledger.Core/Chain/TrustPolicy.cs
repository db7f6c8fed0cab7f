using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Crypto;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

public enum TrustVerdict
{
    Trusted,

    /// <summary>The signatures that are there are good, but they are not enough, or the checkpoint is of another origin.</summary>
    Untrusted,

    /// <summary>A known key's signature is false: the note was altered or forged, and none of it counts.</summary>
    BadSignature,

    /// <summary>It would depend on signatures of a type that is not checked here.</summary>
    CannotBeChecked,
}

/// <summary>A verdict on a note, with the known keys whose signatures were checked and are good.</summary>
public readonly record struct TrustResult(TrustVerdict Verdict, ValueList<VKey> Signers);

/// <summary>What a signed thing says of one key; the better of two answers is the larger, but for a false one, which spoils the whole.</summary>
public enum KeyAnswer
{
    Missing,

    /// <summary>A signature is there, of a type that is not checked here.</summary>
    Unknown,
    Good,
    False,
}

/// <summary>Whether a signature line of a key that no suite has is its holder's.</summary>
public delegate bool CosignatureVerifier(VKey key, ReadOnlySpan<byte> noteText, ReadOnlySpan<byte> signature);

/// <summary>
/// Whose signatures make a checkpoint believed (C2SP tlog-policy): one log key that bears the checkpoint's origin, and the quorum. Signatures of
/// unknown keys are ignored.
/// </summary>
public sealed record TrustPolicy(ValueList<VKey> Logs, Quorum Quorum)
{
    /// <summary>Who verifies lines of Ed25519, which no suite has; without, what hangs on them cannot be checked.</summary>
    public CosignatureVerifier? Cosignatures { get; init; }

    /// <summary>So many of the keys, each of which signs as the log: the rule of a consortium that checks its own checkpoints.</summary>
    public static TrustPolicy OfThreshold(ReadOnlySpan<VKey> keys, int threshold)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threshold);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, keys.Length);

        var members = new Quorum[keys.Length];
        for (var i = 0; i < members.Length; i++) members[i] = new Quorum.Key(keys[i]);
        return new([.. keys], new Quorum.AtLeast(threshold, [.. members]));
    }

    /// <summary>More than two thirds of these validators, each of which signs with its node key.</summary>
    public static TrustPolicy OfValidators(CryptoSuite suite, string origin, IEnumerable<Validator> validators)
    {
        var keys = validators.Select(validator => VKey.Of(suite, origin, validator.NodeKey)).ToArray();
        return OfThreshold(keys, Quorum.SizeOf(keys.Length));
    }

    /// <summary>
    /// Reads a policy file. An unreadable one gives the number of the line that is wrong, or the number after the last line when something is
    /// missing.
    /// </summary>
    public static bool TryParsePolicyFile(string text, [NotNullWhen(true)] out TrustPolicy? policy, out int badLine) => PolicyFile.TryParse(text, out policy, out badLine);

    /// <summary>Judges a note with the chain's suite.</summary>
    public TrustResult Check(CryptoSuite suite, Note note)
    {
        var noteText = note.Checkpoint.SignedBytes();
        return Judge(note.Checkpoint.Origin, key => Ask(suite, Cosignatures, note, noteText, key));
    }

    /// <summary>Judges what is signed in another form than a note's, by what it says of each key that is known here.</summary>
    public TrustResult Judge(string origin, Func<VKey, KeyAnswer> ask)
    {
        var answers = new Dictionary<VKey, KeyAnswer>();
        foreach (var key in Logs) answers[key] = ask(key);
        AskMembers(Quorum);

        if (answers.ContainsValue(KeyAnswer.False)) return new(TrustVerdict.BadSignature, []);

        var fromLog = KeyAnswer.Missing;
        foreach (var key in Logs)
        {
            if (key.Name == origin) fromLog = Better(fromLog, answers[key]);
        }

        ValueList<VKey> signers = [.. answers.Where(pair => pair.Value == KeyAnswer.Good).Select(pair => pair.Key).OrderBy(key => key.KeyId)];
        return new((fromLog, Judge(Quorum, answers)) switch
        {
            (KeyAnswer.Missing, _) or (_, KeyAnswer.Missing) => TrustVerdict.Untrusted,
            (KeyAnswer.Unknown, _) or (_, KeyAnswer.Unknown) => TrustVerdict.CannotBeChecked,
            _ => TrustVerdict.Trusted,
        }, signers);

        void AskMembers(Quorum quorum)
        {
            if (quorum is Quorum.Key { VKey: var key }) answers[key] = ask(key);
            if (quorum is Quorum.AtLeast group)
            {
                foreach (var member in group.Members) AskMembers(member);
            }
        }
    }

    static KeyAnswer Ask(CryptoSuite suite, CosignatureVerifier? cosignatures, Note note, ReadOnlySpan<byte> noteText, VKey key)
    {
        var answer = KeyAnswer.Missing;
        foreach (var line in note.Signatures)
        {
            if (line.KeyId != key.KeyId || line.KeyName != key.Name) continue;
            if (key.SuiteName is null && cosignatures is { } verify)
            {
                if (!verify(key, noteText, line.Signature.Span)) return KeyAnswer.False;
                answer = KeyAnswer.Good;
            }
            else if (key.SuiteName != suite.Name) answer = Better(answer, KeyAnswer.Unknown);
            else if (suite.NoteKeyId(key.Name, key.PublicKey) != key.KeyId) answer = Better(answer, KeyAnswer.Missing);
            else if (suite.VerifyNote(key.PublicKey, noteText, line.Signature.Span)) answer = Better(answer, KeyAnswer.Good);
            else return KeyAnswer.False;
        }

        return answer;
    }

    static KeyAnswer Judge(Quorum quorum, Dictionary<VKey, KeyAnswer> answers)
    {
        switch (quorum)
        {
            case Quorum.Key { VKey: var key }:
                return answers[key];
            case Quorum.AtLeast { Threshold: var threshold, Members: var members }:
                var (good, unknown) = (0, 0);
                foreach (var member in members)
                {
                    var answer = Judge(member, answers);
                    if (answer == KeyAnswer.Good) good++;
                    if (answer == KeyAnswer.Unknown) unknown++;
                }

                return good >= threshold ? KeyAnswer.Good : good + unknown >= threshold ? KeyAnswer.Unknown : KeyAnswer.Missing;
            default:
                throw new UnreachableException();
        }
    }

    static KeyAnswer Better(KeyAnswer one, KeyAnswer other) => one > other ? one : other;
}
