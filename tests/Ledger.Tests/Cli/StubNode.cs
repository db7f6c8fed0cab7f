using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Client.Text;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Tests.Cli;

/// <summary>A node that decides as a node does, on the fixture's state, and orders nothing.</summary>
sealed class StubNode(ChainFixture chain) : HttpMessageHandler
{
    public List<(string Path, SignedTransaction Transaction)> Received { get; } = [];

    public HttpStatusCode? Failure { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Failure is { } failure) return new(failure) { Content = new StringContent("{}") };
        var path = request.RequestUri?.PathAndQuery ?? "";
        if (request.Method == HttpMethod.Post && request.Content is { } content) return Answer(path, await content.ReadAsByteArrayAsync(cancellationToken));
        return path switch
        {
            "/v1/health" => Json(new()
            {
                ["chainId"] = chain.Founding.Genesis.Chain.ChainId.ToString(),
                ["ledgerTime"] = chain.Fold.State.Now.UnixMilliseconds,
                ["height"] = chain.Fold.State.Height,
                ["suite"] = "ES256",
            }),
            _ when path == $"/v1/parties/{chain.Bank}" => Json(new() { ["id"] = chain.Bank.Text, ["name"] = "示例银行甲" }),
            _ => new(HttpStatusCode.NotFound),
        };
    }

    HttpResponseMessage Answer(string path, byte[] text)
    {
        var (suite, id) = (chain.Founding.Genesis.Chain.Suite, chain.Founding.Genesis.Chain.ChainId);
        var read = TransactionText.Read(text, suite, id, out var malformed);
        Assert.Null(malformed);
        Assert.NotNull(read);
        Assert.NotNull(Authentication.Verify(chain.Fold.State, read, out _));
        Received.Add((path, read));
        var decision = Rulebook.Decide(chain.Fold.State, read);
        return Json(new()
        {
            ["code"] = (int)decision.Code,
            ["operation"] = decision.Operation,
            ["sentence"] = RefusalText.Of(decision.Code, decision.Facts, Language.Chinese, 480),
            ["sentenceEn"] = RefusalText.Of(decision.Code, decision.Facts, Language.English, 480),
        });
    }

    static HttpResponseMessage Json(JsonObject body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(JsonSerializerOptions.Default), Encoding.UTF8, "application/json") };
}
