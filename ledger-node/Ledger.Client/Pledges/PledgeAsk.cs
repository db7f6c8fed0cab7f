using System.Diagnostics.CodeAnalysis;
using System.Text;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Suites.Oprf;

namespace Ledger.Client.Pledges;

/// <summary>What a bank sends to the evaluators of a pledge key: blinded elements, which say nothing, under its name and signature.</summary>
public sealed record PledgeAsk(string Group, string Id, string Asker, IReadOnlyList<string> Elements, string Signature)
{
    /// <summary>The ask of an asking, signed.</summary>
    public static PledgeAsk Of(PledgeAsking asking, string asker, SigningKey key)
    {
        var unsigned = new PledgeAsk(asking.Group, asking.Id, asker, [.. asking.Blinded().Select(static one => one.ToOctets().ToString())], "");
        return unsigned with { Signature = new ByteString(key.Sign(unsigned.Signed())).ToString() };
    }

    /// <summary>Reads strictly; false for whatever is malformed, and for elements that are none. Nothing is said about the signature.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out PledgeAsk? ask)
    {
        if (!StrictJson.TryRead(json, PledgeJson.Default.PledgeAsk, out ask)) return false;
        if (Hash256.TryParse(ask.Group, out _) && Id<PledgeAsk>.TryParse(ask.Id, out _) && PledgeGroup.IsName(ask.Asker) && PledgeJson.Elements(ask.Elements) is not null) return true;
        ask = null;
        return false;
    }

    public byte[] Write() => PledgeJson.Write(this, PledgeJson.Default.PledgeAsk);

    /// <summary>Why an evaluator does not answer it; null where nothing stands against it but its quota.</summary>
    public PledgeFault? Fault(PledgeGroup group) =>
        Group != group.Id().ToString() ? PledgeFault.OtherKey
        : group.Asker(Asker) is not { } asker ? PledgeFault.AskerUnknown
        : !asker.Signed(Signed(), Signature) ? PledgeFault.SignatureFalse
        : null;

    /// <summary>Answers an ask that has no fault, with the share of a number.</summary>
    public PledgeAnswer Answer(int number, PledgeShareKey share)
    {
        var elements = PledgeJson.Elements(Elements) ?? throw new InvalidOperationException("The ask was not checked.");
        var (evaluated, proof) = Voprf.Evaluate(share.Share, elements);
        return new(Group, Id, number, [.. evaluated.Select(static one => one.ToOctets().ToString())], proof.ToOctets().ToString());
    }

    // One member a line; none can hold a line feed.
    byte[] Signed() => Encoding.UTF8.GetBytes(string.Join('\n', (string[])["ledger-pledge-ask-v1", Group, Id, Asker, .. Elements, ""]));
}

/// <summary>What one evaluator made of an ask, with the proof that it used its share (RFC 9497, section 2.2).</summary>
public sealed record PledgeAnswer(string Group, string Ask, int Number, IReadOnlyList<string> Evaluated, string Proof)
{
    /// <summary>Reads strictly; false for whatever is malformed. Whether it is true is another question.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out PledgeAnswer? answer) => StrictJson.TryRead(json, PledgeJson.Default.PledgeAnswer, out answer);

    public byte[] Write() => PledgeJson.Write(this, PledgeJson.Default.PledgeAnswer);
}

/// <summary>Why an ask or an answer counts for nothing.</summary>
public enum PledgeFault
{
    /// <summary>It is of another pledge key.</summary>
    OtherKey,

    /// <summary>Nobody of this name may ask.</summary>
    AskerUnknown,

    /// <summary>The asker did not sign it so.</summary>
    SignatureFalse,

    /// <summary>It answers another ask.</summary>
    OtherAsk,

    /// <summary>No share has its number, or another answer has it too.</summary>
    NumberWrong,

    /// <summary>It was not made of these elements with the share of its number.</summary>
    ProofFalse,
}
