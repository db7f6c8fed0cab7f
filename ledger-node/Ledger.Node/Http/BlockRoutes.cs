using System.Text;
using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/blocks/{height}</c>: header, envelope and what was answered; <c>/v1/entries/{leaf}</c>: one transaction with its answer; <c>/v1/tile/entries/…</c>: up to 256 leaves, octet for octet (C2SP tlog-tiles).
/// </summary>
static class BlockRoutes
{
    const string LeafType = "application/octet-stream";

    static readonly Schema BlockSchema = Schema.Object(
        "Block", Member.Number("height"), Member.Hash("chainId"), Member.Time("time"), Member.Hash("previous").Optional, Member.Number("firstLeaf"), Member.Number("entryCount"),
        Member.Number("skippedCount"), Member.Hash("stateRoot"), Member.Hash("validatorSet"), Member.Hash("ruleSet"), Member.Hash("headerHash"), Member.Number("leaves"),
        new Member("envelope", Schema.Object(
            "Envelope", Member.Party("bank"), Member.Number("epoch"), Member.Number("counter"), Member.Time("clock"), Member.Hash("digest"), new("signature", Schema.Base64Url),
            new("skipped", Schema.List(Schema.Object("Skipped", Member.Number("position"), Member.Number("code"), Member.Text("title"), Member.Hash("hash")))))).Optional,
        new("entries", Schema.List(Schema.Object("EntryBrief", EntryJson.BriefMembers))), Member.Time("ledgerTime"));

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        v1.Get("/blocks/{height}", "getBlock", Resource.Block, "区块：区块头、信封与可见的条目", "A block: header, envelope, and the entries that the caller may see", context => FindBlock(context.Request, ledger, problems))
            .Answering(BlockSchema).Immutable();
        v1.Get("/entries/{leaf}", "getEntry", Resource.Entry, "一笔交易及其结果", "A transaction with its answer", context => FindEntry(context.Request, ledger, problems))
            .Answering(Schema.Object("Entry", [.. EntryJson.Members, Member.Time("ledgerTime")])).Immutable();
        v1.Get("/leaves/{leaf}", "getLeaf", Resource.Entry, "叶子的原始字节", "A leaf of the history, octet for octet", context => FindLeaf(context.Request, ledger, problems))
            .Answering(StatusCodes.Status200OK, LeafType, Schema.Any, "OK").Immutable();
        v1.Get("/tile/entries/{**bundle}", "getBundle", Resource.Bundle, "一组叶子的原始字节（C2SP tlog-tiles），路径如 x001/067 或 000.p/5", "Leaves in a row (C2SP tlog-tiles), such as x001/067 or 000.p/5", context => FindBundle(context.Request, ledger, problems))
            .Answering(StatusCodes.Status200OK, LeafType, Schema.Any, "C2SP tlog-tiles").Immutable().Heavy();
    }

    static IResult FindBlock(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryPathNumber(request, "height", out var height)) return problems.Of(Refusal.QueryInvalid, "height");
        if (ledger.Block(height) is not { } block) return problems.Of(Refusal.NotFound);
        var sight = FrontDoor.SightOf(request.HttpContext);
        var suite = ledger.Genesis.Chain.Suite;
        var hash = block.Header.LeafHash(suite);
        var seen = Enumerable.Range(1, block.Entries.Count).Select(place => EntryJson.Seen(sight, ledger.Genesis, block, block.FirstLeaf + (ulong)place)).OfType<SeenEntry>().ToArray();

        // What is listed is part of the tag: more of a block can come into a party's sight, when it buys what the block moved.
        var tag = suite.Hash(Encoding.ASCII.GetBytes($"{hash} {string.Join(' ', seen.Select(one => one.Leaf))}"));
        var isWhole = seen.Length == block.Entries.Count;
        return new Immutable($"W/\"{tag}\"", forEverybody: false, forEver: isWhole, JsonAnswer.Object(json =>
        {
            WriteHeader(json, block.Header);
            json.Hash("headerHash", hash);
            json.WriteNumber("leaves", block.Leaves.Count);
            if (block.Envelope is { } envelope) WriteEnvelope(json, envelope);
            json.Objects("entries", seen, EntryJson.WriteBrief);
            json.Time("ledgerTime", ledger.View.State.Now);
        }));
    }

    static IResult FindLeaf(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        if (ledger.HeightOf(leaf) is not { } height || ledger.Block(height) is not { } block
            || !EntryJson.IsSeen(FrontDoor.SightOf(request.HttpContext), ledger.Genesis, block, leaf))
            return problems.Of(Refusal.NotFound);
        var bytes = block.Leaves[(int)(leaf - block.FirstLeaf)];
        return new Immutable($"\"{MerkleHash.OfLeaf(ledger.Genesis.Chain.Suite, bytes.Span)}\"", forEverybody: false, forEver: true, TypedResults.Bytes(bytes, LeafType));
    }

    static IResult FindBundle(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Tile.TryParse($"0/{Query.Path(request, "bundle")}", out var tile)) return problems.Of(Refusal.QueryInvalid, "bundle");
        if (!tile.IsWithin(ledger.View.Checkpoint.Checkpoint.Size)) return problems.Of(Refusal.NotFound);
        var sight = FrontDoor.SightOf(request.HttpContext);
        var leaves = new List<ReadOnlyMemory<byte>>(tile.Width);
        for (Block? block = null; leaves.Count < tile.Width;)
        {
            var leaf = (tile.Index * Tile.MaxWidth) + (ulong)leaves.Count;
            if (block is null || leaf == block.EndLeaf) block = ledger.HeightOf(leaf) is { } height ? ledger.Block(height) : null;
            if (block is null || !EntryJson.IsSeen(sight, ledger.Genesis, block, leaf)) return problems.Of(Refusal.NotFound);
            leaves.Add(block.Leaves[(int)(leaf - block.FirstLeaf)]);
        }

        var octets = EntryBundle.Write(leaves);
        return new Immutable($"\"{ledger.Genesis.Chain.Suite.Hash(octets)}\"", forEverybody: false, forEver: true, TypedResults.Bytes(octets, LeafType));
    }

    static IResult FindEntry(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Query.TryPathNumber(request, "leaf", out var leaf)) return problems.Of(Refusal.QueryInvalid, "leaf");
        if (ledger.HeightOf(leaf) is not { } height || ledger.Block(height) is not { } block
            || EntryJson.Seen(FrontDoor.SightOf(request.HttpContext), ledger.Genesis, block, leaf) is not { } seen)
            return problems.Of(Refusal.NotFound);
        var tag = MerkleHash.OfLeaf(ledger.Genesis.Chain.Suite, block.Leaves[(int)(leaf - block.FirstLeaf)].Span);
        return new Immutable($"W/\"{tag}\"", forEverybody: false, forEver: true, JsonAnswer.Object(json =>
        {
            EntryJson.WriteMembers(json, problems, seen);
            json.Time("ledgerTime", ledger.View.State.Now);
        }));
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
