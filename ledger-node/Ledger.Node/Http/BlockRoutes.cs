using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Node.Http;

/// <summary><c>GET /v1/blocks/{height}</c>: header, envelope and what was answered; <c>/v1/entries/{leaf}</c>: one transaction with its answer.</summary>
static class BlockRoutes
{
    public static void Map(RouteGroupBuilder v1, NodeLoop node, Problems problems)
    {
        v1.MapGet("/blocks/{height}", async context => await FindBlock(context.Request, node, problems).ExecuteAsync(context));
        v1.MapGet("/entries/{leaf}", async context => await FindEntry(context.Request, node, problems).ExecuteAsync(context));
    }

    static IResult FindBlock(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Query.TryPathNumber(request, "height", out var height)) return problems.Of(Refusal.QueryInvalid, "height");
        if (node.Log.ReadBlock(height) is not { } block) return problems.Of(Refusal.NotFound);
        return JsonAnswer.Object(json =>
        {
            WriteHeader(json, block.Header);
            json.Hash("headerHash", block.Header.LeafHash(node.Genesis.Chain.Suite));
            json.WriteNumber("leaves", block.Leaves.Count);
            if (block.Envelope is { } envelope) WriteEnvelope(json, envelope);
            json.Objects("entries", block.Entries.Index(), (json, one) => EntryJson.WriteBrief(json, node.Genesis, one.Item, block.FirstLeaf + 1 + (ulong)one.Index));
            json.Time("ledgerTime", node.View.State.Now);
        });
    }

    static IResult FindEntry(HttpRequest request, NodeLoop node, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        if (node.Index.BlockOf(leaf) is not { } height || node.Log.ReadBlock(height) is not { } block || EntryJson.Find(block, leaf) is null)
            return problems.Of(Refusal.NotFound);
        return JsonAnswer.Object(json =>
        {
            EntryJson.WriteMembers(json, problems, node.Genesis, block, leaf);
            json.Time("ledgerTime", node.View.State.Now);
        });
    }

    static void WriteHeader(Utf8JsonWriter json, Header header)
    {
        json.WriteNumber("height", header.Height);
        json.Hash("chainId", header.ChainId);
        json.Time("time", header.Time);
        json.Hash("previous", header.Previous);
        json.WriteNumber("firstLeaf", header.FirstLeaf);
        json.WriteNumber("entryCount", header.EntryCount);
        json.WriteNumber("skippedCount", header.SkippedCount);
        json.Hash("stateRoot", header.StateRoot);
        json.Hash("validatorSet", header.ValidatorSet);
        json.Hash("ruleSet", header.RuleSet);
    }

    static void WriteEnvelope(Utf8JsonWriter json, EnvelopeLeaf leaf)
    {
        json.WriteStartObject("envelope");
        json.Party("bank", leaf.Envelope.Bank);
        json.WriteNumber("epoch", leaf.Envelope.Epoch);
        json.WriteNumber("counter", leaf.Envelope.Counter);
        json.Time("clock", leaf.Envelope.Clock);
        json.Hash("digest", leaf.Envelope.Digest);
        json.WriteString("signature", leaf.Envelope.Signature.ToString());
        json.Objects("skipped", leaf.Skipped, static (json, skipped) =>
        {
            json.WriteNumber("position", skipped.Position);
            json.WriteNumber("code", skipped.Code);
            json.WriteString("title", ((Refusal)skipped.Code).ToString());
            json.Hash("hash", skipped.Hash);
        });
        json.WriteEndObject();
    }
}
