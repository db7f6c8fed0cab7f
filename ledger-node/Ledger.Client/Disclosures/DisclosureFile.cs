using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Disclosures;

/// <summary>
/// Disclosures of one operation of one transaction, with where on which chain their digests stand: what travels beside the ledger. It need not be all
/// that the operation hides.
/// </summary>
public sealed record DisclosureFile(Hash256 Chain, PartyId Party, Id<Transaction> Id, int Operation, DisclosureSet Set)
{
    /// <summary>No file of all terms at their longest comes near it.</summary>
    public const int MaxSize = 64 * 1024;

    public byte[] ToJson() =>
        [.. JsonSerializer.SerializeToUtf8Bytes(
            new DisclosureText(Chain.ToString(), Party.Text, Id.ToString(), Operation, [.. Set.All.Select(one => one.Value.Text)]),
            DisclosureJson.Default.DisclosureText), (byte)'\n'];

    /// <summary>Reads exactly these members, each once and in its one spelling; of the disclosures each a term that is known, and none twice.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out DisclosureFile? file, [NotNullWhen(false)] out DisclosureProblem? problem)
    {
        file = null;
        problem = new(Refusal.DisclosuresMalformed, "JSON");
        if (json.Length > MaxSize) return false;
        DisclosureText? text;
        try
        {
            text = JsonSerializer.Deserialize(json, DisclosureJson.Default.DisclosureText);
        }
        catch (JsonException)
        {
            return false;
        }

        if (text is null) return false;
        if (!Hash256.TryParse(text.Chain, out var chain) || chain.IsZero) return Malformed("chain", out problem);
        if (!PartyId.TryParse(text.Party, out var party)) return Malformed("party", out problem);
        if (!Id<Transaction>.TryParse(text.Id, out var id)) return Malformed("id", out problem);
        if (text.Operation is < 0 or > ushort.MaxValue) return Malformed("operation", out problem);
        if (text.Disclosures.Length == 0) return Malformed("disclosures", out problem);

        var disclosures = new Disclosure[text.Disclosures.Length];
        for (var i = 0; i < disclosures.Length; i++)
        {
            if (text.Disclosures[i] is not { } one || !Disclosure.TryParse(one, out var disclosure)) return Malformed($"disclosures[{i}]", out problem);
            disclosures[i] = disclosure;
        }

        if (DisclosureSet.Of(disclosures, out var refused) is not { } set)
        {
            problem = refused ?? problem;
            return false;
        }

        file = new(chain, party, id, text.Operation, set);
        problem = null;
        return true;
    }

    static bool Malformed(string member, out DisclosureProblem problem)
    {
        problem = new(Refusal.DisclosuresMalformed, member);
        return false;
    }
}

sealed record DisclosureText(string Chain, string Party, string Id, int Operation, string?[] Disclosures);
