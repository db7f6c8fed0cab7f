using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Node.Access;
using Ledger.Node.Nouns;

namespace Ledger.Node.Http;

/// <summary>An entry that whoever asks may see, as it was read for that.</summary>
sealed record SeenEntry(EntryLeaf Entry, SignedTransaction Transaction, Header Header, ulong Leaf);

/// <summary>A transaction as its block keeps it: the answer it got, who signed it, and what was signed.</summary>
static class EntryJson
{
    /// <summary>Whether a leaf of the block is an entry, and which.</summary>
    public static EntryLeaf? Find(Block block, ulong leaf)
    {
        // The envelope's leaf comes first, the header's last; block 0 has no entries.
        var place = leaf - block.FirstLeaf;
        return place >= 1 && place <= (ulong)block.Entries.Count ? block.Entries[(int)place - 1] : null;
    }

    /// <summary>One operation as it was signed; its members are the verb's own (FORMATS).</summary>
    public static readonly Schema OperationSchema = new(new()
    {
        ["type"] = "object",
        ["properties"] = new System.Text.Json.Nodes.JsonObject { ["kind"] = Schema.Text.Use() },
        ["required"] = new System.Text.Json.Nodes.JsonArray("kind"),
    }, "Operation");

    static Member[] AnswerMembers =>
    [
        new("status", Schema.OneOf("accepted", "refused")), Member.Number("code"), Member.Text("title").Optional, Member.Number("operation").Optional, Member.Number("leaf"),
        Member.Party("party"), Member.Id("id"), Member.Hash("payloadHash"),
    ];

    public static Member[] BriefMembers => [.. AnswerMembers, new("verbs", Schema.List(Schema.Text))];

    public static Member[] Members =>
    [
        .. AnswerMembers, Member.Number("height"), Member.Time("time"), Member.Text("detail").Optional, Member.Text("detailZh").Optional, Member.Party("onBehalfOf").Optional,
        Member.Time("expires"), new("signers", Schema.List(Schema.Key)), Member.Hash("hash"), new("operations", Schema.List(OperationSchema)),
    ];

    /// <summary>Whether a leaf of a block is for the one who asks. Envelopes and headers, and genesis, are for whoever sees blocks.</summary>
    public static bool IsSeen(Sight sight, Genesis genesis, Block block, ulong leaf) =>
        Find(block, leaf) is null ? sight.Of(Resource.Block) == Extent.All : Seen(sight, genesis, block, leaf) is not null;

    /// <summary>The entry at a leaf of a block where it is one and for the one who asks. What is shown is noted.</summary>
    public static SeenEntry? Seen(Sight sight, Genesis genesis, Block block, ulong leaf)
    {
        if (Find(block, leaf) is not { } entry) return null;
        var transaction = Read(genesis, entry);
        if (!sight.Sees(transaction, entry.Code == 0)) return null;
        sight.Show(transaction);
        return new(entry, transaction, block.Header, leaf);
    }

    public static void WriteMembers(Utf8JsonWriter json, Problems problems, SeenEntry seen)
    {
        var (entry, transaction, header, leaf) = seen;
        WriteAnswer(json, entry, transaction, leaf);
        json.WriteNumber("height", header.Height);
        json.Time("time", header.Time);
        if (entry.Code != 0) problems.WriteSentences(json, (Refusal)entry.Code, Facts.None);
        json.Party("onBehalfOf", transaction.Body.OnBehalfOf ?? default);
        json.Time("expires", transaction.Body.Expires);
        json.List("signers", transaction.Signers, static (json, signer) => json.WriteStringValue(signer.ToString()));
        json.Hash("hash", transaction.Hash);

        // What was signed is shown as it was read; the exact octets are in the leaf.
        json.WritePropertyName("operations");
        using var payload = JsonDocument.Parse(TransactionText.WritePayload(transaction.Body));
        payload.RootElement.GetProperty("operations").WriteTo(json);
    }

    /// <summary>The few members that stand for an entry in a list.</summary>
    public static void WriteBrief(Utf8JsonWriter json, SeenEntry seen)
    {
        WriteAnswer(json, seen.Entry, seen.Transaction, seen.Leaf);
        json.List("verbs", seen.Transaction.Body.Operations, static (json, operation) => json.WriteStringValue(operation.Kind));
    }

    static void WriteAnswer(Utf8JsonWriter json, EntryLeaf entry, SignedTransaction transaction, ulong leaf)
    {
        json.WriteString("status", entry.Code == 0 ? "accepted" : "refused");
        json.WriteNumber("code", entry.Code);
        if (entry.Code != 0)
        {
            json.WriteString("title", ((Refusal)entry.Code).ToString());
            json.WriteNumber("operation", entry.OperationIndex);
        }

        json.WriteNumber("leaf", leaf);
        json.Party("party", transaction.Body.Party);
        json.Id("id", transaction.Body.Id);
        json.Hash("payloadHash", transaction.PayloadHash);
    }

    // It was read before it became an entry; one that cannot be read again is a damaged chain.
    public static SignedTransaction Read(Genesis genesis, EntryLeaf entry) =>
        TransactionText.Read(entry.Transaction.Memory, genesis.Chain.Suite, genesis.Chain.ChainId, out var refused)
        ?? throw new InvalidDataException($"An entry cannot be read: {refused?.Refusal}.");
}
