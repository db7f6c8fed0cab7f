using Ledger.Core.Primitives;
using Ledger.Suites.Oprf;

namespace Ledger.Client.Pledges;

/// <summary>
/// Tags under a key that nobody has, out of the answers of a threshold of its evaluators. An answer whose proof does not hold is left out and its evaluator named; any threshold of true ones gives the same tags.
/// </summary>
public sealed class ThresholdTags : ITagMaker
{
    readonly Dictionary<ByteString, Hash256> tags;

    ThresholdTags(Dictionary<ByteString, Hash256> tags) => this.tags = tags;

    public TagKind Kind => TagKind.Threshold;

    public IReadOnlyCollection<Hash256> All => tags.Values;

    public Hash256? TagOf(ByteString name) => tags.TryGetValue(name, out var tag) ? tag : null;

    /// <summary>The tags of what was asked for; null where fewer than the threshold answered truly. <paramref name="faults"/> has whatever was left out, by its place in <paramref name="answers"/>.</summary>
    public static ThresholdTags? Of(PledgeGroup group, PledgeAsking asking, IReadOnlyList<PledgeAnswer> answers, out IReadOnlyList<(int Place, PledgeFault Fault)> faults)
    {
        var key = group.Key();
        var (blinded, good, wrong) = (asking.Blinded(), new List<(int Number, IReadOnlyList<GroupElement> Evaluated)>(), new List<(int, PledgeFault)>());
        for (var place = 0; place < answers.Count; place++)
        {
            if (Judge(answers[place], out var evaluated) is { } fault) wrong.Add((place, fault));
            else good.Add((answers[place].Number, evaluated));
        }

        faults = wrong;
        if (good.Count < key.Threshold) return null;
        var tags = new Dictionary<ByteString, Hash256>();
        foreach (var (at, (name, blind)) in asking.Parts().Index())
        {
            if (!key.TryCombine([.. good.Take(key.Threshold).Select(part => (part.Number, part.Evaluated[at]))], out var whole)) return null;
            tags[name] = Voprf.Finish(name.Span, blind, whole);
        }

        return new(tags);

        PledgeFault? Judge(PledgeAnswer answer, out IReadOnlyList<GroupElement> evaluated)
        {
            evaluated = [];
            if (asking.Group != group.Id().ToString() || answer.Group != asking.Group) return PledgeFault.OtherKey;
            if (answer.Ask != asking.Id) return PledgeFault.OtherAsk;
            if (answer.Number < 1 || answer.Number > group.Evaluators.Count || good.Any(one => one.Number == answer.Number) || key.PublicShare(answer.Number) is not { } share) return PledgeFault.NumberWrong;
            if (PledgeJson.Elements(answer.Evaluated) is not { } elements || !ByteString.TryParse(answer.Proof, out var octets) || !VoprfProof.TryRead(octets.Span, out var proof)) return PledgeFault.ProofFalse;
            evaluated = elements;
            return Voprf.IsProved(share, blinded, elements, proof) ? null : PledgeFault.ProofFalse;
        }
    }
}
