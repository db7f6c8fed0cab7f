using System.Text.Json;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>The answer to a transaction in JSON: accepted with its effects, or a problem. In a bulk each line says its own <c>httpStatus</c>.</summary>
sealed class OutcomeJson(LedgerReader ledger, Problems problems)
{
    static Member[] Place =>
    [
        Member.Number("height").Optional, Member.Number("leaf").Optional, Member.Party("party").Optional, Member.Id("id").Optional, Member.Hash("payloadHash").Optional,
        .. Schema.LedgerTime, Member.Bool("replayed"), new("effects", Schema.List(Effects.Schema), IsOptional: true),
    ];

    /// <summary>An accepted transaction.</summary>
    public static readonly Schema Schema = Schema.Object("Accepted", [new("status", Schema.OneOf("accepted")), Member.Number("code"), .. Place]);

    public static readonly Schema DryRunSchema = Schema.Object("WouldBeAccepted", [new("status", Schema.OneOf("wouldBeAccepted")), Member.Number("code"), .. Place]);

    /// <summary>A refused one: a problem that says which operation it was.</summary>
    public static readonly Schema RefusedSchema = Schema.Object("Refused", [.. Problems.Members, Member.Number("operation"), .. Place, Member.Text("traceId")]);

    /// <summary>One line of a bulk's answers, accepted or not.</summary>
    public static readonly Schema LineSchema = Schema.Object(
        "BulkLine",
        [
            Member.Number("httpStatus"), new("status", new(new() { ["type"] = new System.Text.Json.Nodes.JsonArray("string", "integer") })), Member.Text("type").Optional,
            Member.Text("title").Optional, Member.Text("detail").Optional, Member.Text("detailZh").Optional, Member.Number("code").Optional,
            new("facts", Problems.FactsSchema, IsOptional: true), Member.Number("operation").Optional, .. Place[..^2], Member.Bool("replayed").Optional, Place[^1],
        ]);

    public IResult Answer(Answer outcome) => Result(outcome, "accepted");

    public IResult DryRun(Answer outcome) => Result(outcome, "wouldBeAccepted");

    /// <summary>One object on one line.</summary>
    public void WriteLine(Utf8JsonWriter json, Answer outcome)
    {
        json.WriteStartObject();
        json.WriteNumber("httpStatus", Problems.StatusOf(outcome.Code));
        WriteMembers(json, outcome, "accepted");
        json.WriteEndObject();
    }

    /// <summary>
    /// A line that is no transaction's answer: the node can no longer answer, and whether it became an entry is to be asked for later; or nothing was
    /// read from here on.
    /// </summary>
    public void WriteRefusedLine(Utf8JsonWriter json, Refusal refusal)
    {
        json.WriteStartObject();
        json.WriteNumber("httpStatus", Problems.StatusOf(refusal));
        problems.WriteMembers(json, refusal, Facts.None, Problems.StatusOf(refusal));
        json.LedgerTime(ledger, ledger.LedgerTime);
        json.WriteEndObject();
    }

    JsonAnswer Result(Answer outcome, string accepted) =>
        new(Problems.StatusOf(outcome.Code), outcome.IsAccepted ? JsonAnswer.MediaType : Problems.MediaType, (json, context) =>
        {
            json.WriteStartObject();
            WriteMembers(json, outcome, accepted);
            if (!outcome.IsAccepted) json.WriteString("traceId", RequestId.Of(context));
            json.WriteEndObject();
        });

    void WriteMembers(Utf8JsonWriter json, Answer outcome, string accepted)
    {
        if (outcome.IsAccepted)
        {
            json.WriteString("status", accepted);
            json.WriteNumber("code", 0);
        }
        else
        {
            problems.WriteMembers(json, outcome.Code, outcome.Facts, Problems.StatusOf(outcome.Code));
            json.WriteNumber("operation", outcome.Operation);
        }

        if (outcome.Height is { } height) json.WriteNumber("height", height);
        if (outcome.Leaf is { } leaf) json.WriteNumber("leaf", leaf);
        if (outcome.Transaction is { } transaction)
        {
            json.Party("party", transaction.Body.Party);
            json.Id("id", transaction.Body.Id);
            json.Hash("payloadHash", transaction.PayloadHash);
        }

        json.LedgerTime(ledger, outcome.LedgerTime);
        json.WriteBoolean("replayed", outcome.Replayed);

        // What an earlier answer did is in the ledger, not in the answer that is given again.
        if (outcome is { IsAccepted: true, Replayed: false })
            json.Objects("effects", outcome.Events, (json, happened) => Effects.Write(json, happened, ledger.View.State));
    }
}
