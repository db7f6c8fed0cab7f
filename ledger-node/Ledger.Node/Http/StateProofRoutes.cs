using System.Globalization;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Nouns;
using Microsoft.AspNetCore.Http;

namespace Ledger.Node.Http;

/// <summary>
/// <c>GET /v1/instruments/{id}/proof</c>, <c>/v1/documents/{id}/proof</c> and <c>/v1/fingerprints/{scheme}/{epoch}/{value}/proof</c>: what the state holds, or that it holds nothing, as of the newest
/// final height, to be kept and verified without this node. A record is proved to whom it is shown; that there is none, to whom it would be shown.
/// </summary>
static class StateProofRoutes
{
    const string ProofType = "text/plain; charset=utf-8";
    const string Holder = "holder";
    const string Units = "units";

    public static void Map(RouteTable v1, LedgerReader ledger, Problems problems)
    {
        Described(v1.Get(
            "/instruments/{id}/proof", "proveInstrument", Resource.Instrument, "状态证明：一张凭证或票据及可见的份额，或其不存在",
            "A state proof of an instrument and of the tokens that the caller may see, or of its absence", context => OfInstrumentAsync(context.Request, ledger, problems)))
            .With(Holder, Schema.Party, "只证明该持有人的份额", "only the tokens of this holder").With(Units, Schema.Interval, "只证明触及这段单位的份额", "only the tokens that touch these units")
            .Refusing(Refusal.ProofTooLarge);
        Described(v1.Get(
            "/documents/{id}/proof", "proveDocument", Resource.Document, "状态证明：一份贸易背景材料及其占用，或其不存在", "A state proof of a document and how much of it is taken, or of its absence",
            context => OfDocumentAsync(context.Request, ledger, problems)));
        Described(v1.Get(
            "/fingerprints/{scheme}/{epoch}/{value}/proof", "proveFingerprint", Resource.Fingerprint, "状态证明：某指纹未被登记，或登记于哪份材料", "A state proof that a fingerprint is not registered, or of which document it is",
            context => OfFingerprintAsync(context.Request, ledger, problems)));
    }

    static ApiRoute Described(ApiRoute route) => route
        .With(Moment.Parameter, Schema.Number, "须为最新终局高度", "the newest final height, and no other")
        .Answering(StatusCodes.Status200OK, ProofType, Schema.Text, "ledger-state-proof").Refusing(Refusal.HeightNotReached, Refusal.ProofHasNoPast, Refusal.ViewsNotReady);

    static async Task<IResult> OfInstrumentAsync(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Id<Instrument>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, [Holder, Units, Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        var (holder, units) = (default(PartyId), default(Interval));
        if (query[Holder] is { } party && !PartyId.TryParse(party, out holder)) return problems.Of(Refusal.QueryInvalid, Holder);
        if (query[Units] is { } run && !Interval.TryParse(run, out units)) return problems.Of(Refusal.QueryInvalid, Units);
        if (!IsSeen(ledger, query.Sight, Guards.Instrument, id)) return problems.Of(Refusal.NotFound);
        var frozen = await ledger.FrozenAsync(request.HttpContext.RequestAborted);
        if (NotAt(query, frozen) is { } no) return problems.Of(no, no == Refusal.QueryInvalid ? Moment.Parameter : null);

        var records = new List<StateRecord> { Tables.Instruments.RecordOf(frozen.State, id) };
        if (frozen.State.Instrument(id) is { } instrument)
        {
            var tokens = frozen.State.Tokens(id) is { } held ? query.Sight.Seen(instrument, held) : [];
            Token[] asked = [.. tokens.Where(token => (holder == default || token.Holder == holder) && (units == default || token.Units.Overlaps(units)))];
            if (asked.Length >= StateProofFile.MaxClaims) return problems.Of(Refusal.ProofTooLarge);
            records.AddRange(asked.Select(token => Tables.Tokens.RecordOf(id, token)));
            query.Sight.Show(Guards.Instrument, instrument);
            query.Sight.Show([.. asked.Select(token => token.Holder)]);
        }

        return Answer(ledger, problems, frozen, records);
    }

    static async Task<IResult> OfDocumentAsync(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!Id<Document>.TryParse(Query.Path(request, "id"), out var id)) return problems.Of(Refusal.QueryInvalid, "id");
        if (!Query.TryRead(request, [Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        if (!IsSeen(ledger, query.Sight, Guards.Document, id)) return problems.Of(Refusal.NotFound);
        var frozen = await ledger.FrozenAsync(request.HttpContext.RequestAborted);
        if (NotAt(query, frozen) is { } no) return problems.Of(no, no == Refusal.QueryInvalid ? Moment.Parameter : null);
        if (frozen.State.Document(id) is { } document) query.Sight.Show(Guards.Document, document);
        return Answer(ledger, problems, frozen, [Tables.Documents.RecordOf(frozen.State, id)]);
    }

    static async Task<IResult> OfFingerprintAsync(HttpRequest request, LedgerReader ledger, Problems problems)
    {
        if (!uint.TryParse(Query.Path(request, "epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)) return problems.Of(Refusal.QueryInvalid, "epoch");
        if (!Hash256.TryParse(Query.Path(request, "value"), out var value)) return problems.Of(Refusal.QueryInvalid, "value");
        if (!Query.TryRead(request, [Moment.Parameter], out var query, out var wrong)) return problems.Of(Refusal.QueryInvalid, wrong);
        var frozen = await ledger.FrozenAsync(request.HttpContext.RequestAborted);
        if (NotAt(query, frozen) is { } no) return problems.Of(no, no == Refusal.QueryInvalid ? Moment.Parameter : null);

        // That it is registered a bank is told where it tries to register it; of which document, only to whom that is shown.
        var fingerprint = new Fingerprint(Query.Path(request, "scheme"), epoch, value);
        if (frozen.State.Document(fingerprint) is not { } document) return Answer(ledger, problems, frozen, [Tables.Fingerprints.RecordOf(frozen.State, fingerprint)]);
        if (!query.Sight.Sees(Guards.Document, document)) return problems.Of(Refusal.ReasonNotShown);
        query.Sight.Show(Guards.Document, document);
        return Answer(ledger, problems, frozen, [Tables.Fingerprints.RecordOf(frozen.State, fingerprint), Tables.Documents.RecordOf(frozen.State, document.Id)]);
    }

    // What is not for the caller is not there, and that nothing is there is proved to nobody who could learn by it what is not for him.
    static bool IsSeen<TNoun, T>(LedgerReader ledger, Sight sight, Guard<TNoun, T> guard, Id<TNoun> id)
        where T : class => guard.Under(ledger, id) is { } known ? known.IsSeen(sight) : sight.SeesAll(guard.Resource);

    static Refusal? NotAt(Query query, FrozenLedger frozen)
    {
        if (query[Moment.Parameter] is not { } text) return null;
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var height)) return Refusal.QueryInvalid;
        return height == frozen.Header.Height ? null : height < frozen.Header.Height ? Refusal.ProofHasNoPast : Refusal.HeightNotReached;
    }

    static IResult Answer(LedgerReader ledger, Problems problems, FrozenLedger frozen, IReadOnlyList<StateRecord> records)
    {
        var octets = frozen.Prove(records).Write();
        if (octets.Length > StateProofFile.MaxSize) return problems.Of(Refusal.ProofTooLarge);
        return TypedResults.File(octets, ProofType, string.Create(CultureInfo.InvariantCulture, $"{ledger.Genesis.Chain.Name}-{frozen.Header.Height}.state-proof"));
    }
}
