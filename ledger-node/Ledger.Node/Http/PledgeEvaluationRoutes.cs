using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Ledger.Node.Pledges;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary><c>POST /v1/pledge-evaluations</c>: answers an ask with this bank's share of a pledge key. An ask says itself who signed it; a bank of another consortium has no key on this ledger.</summary>
static class PledgeEvaluationRoutes
{
    const int MostBytes = 16 * 1024;

    static readonly Schema AskSchema = Schema.Object(
        "PledgeAsk", Member.Hash("group"), Member.Id("id"), Member.Text("asker"), new("elements", Schema.List(Schema.Base64Url)), new("signature", Schema.Base64Url));

    static readonly Schema AnswerSchema = Schema.Object(
        "PledgeAnswer", Member.Hash("group"), Member.Id("ask"), Member.Number("number"), new("evaluated", Schema.List(Schema.Base64Url)), new("proof", Schema.Base64Url));

    public static void Map(RouteTable v1, PledgeDesk? desk, Problems problems) =>
        v1.Post("/pledge-evaluations", "evaluatePledge", Resource.Signed, "以本行份额答复标签请求；看不到所询的背景材料", "Answers an ask for tags with this bank's share of a pledge key; what is asked about it does not learn", context => AnswerAsync(context.Request, desk, problems))
            .Taking([JsonAnswer.MediaType], AskSchema, MostBytes)
            .Answering(AnswerSchema)
            .Refusing(Refusal.NoPledgeShare, Refusal.BodyInvalid, Refusal.PledgeAskRefused, Refusal.PledgeAskRepeated, Refusal.PledgeQuotaUsed, Refusal.PledgeAskNotKept)
            .At(RateClass.Heavy);

    static async Task<IResult> AnswerAsync(HttpRequest request, PledgeDesk? desk, Problems problems)
    {
        if (!RequestBody.IsOf(request, JsonAnswer.MediaType)) return problems.Of(Refusal.MediaTypeWrong);
        if (await RequestBody.ReadAsync(request, MostBytes, request.HttpContext.RequestAborted) is not { } body) return problems.Of(Refusal.BodyTooLarge);
        if (desk is null) return problems.Of(Refusal.NoPledgeShare);
        var (answer, refusal, reason) = desk.Answer(body.Span);
        if (answer is null) return problems.Of(refusal, reason);
        return JsonAnswer.Object(json =>
        {
            json.WriteString("group", answer.Group);
            json.WriteString("ask", answer.Ask);
            json.WriteNumber("number", answer.Number);
            json.List("evaluated", answer.Evaluated, static (json, element) => json.WriteStringValue(element));
            json.WriteString("proof", answer.Proof);
        });
    }
}
