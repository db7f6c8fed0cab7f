using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Node.Access;

namespace Ledger.Node.Nouns;

/// <summary>A document as it was attested, and how much of it is taken.</summary>
sealed class DocumentNoun() : Noun<Document, Document>("Document", Guards.Document, NounLists.Documents)
{
    protected override IEnumerable<Column<Document>> Describe() =>
    [
        Id("id", one => one.Id), Name("documentKind", one => one.Kind, Names.Of), Party("seller", one => one.Seller), Party("buyer", one => one.Buyer), Currency(),
        Amount("total", one => one.Total), Amount("redLetters", one => one.RedLetters), Amount("reserved", one => one.Reserved), Amount("used", one => one.Used),
        Amount("available", one => one.Available), Date("date", one => one.Date), Hash("commitment", one => one.Commitment),
        Objects("fingerprints", Shown.Fingerprint, (one, _) => one.Fingerprints), Objects("skeletons", Shown.Fingerprint, (one, _) => one.Skeletons),
        Of("distinctFrom", Kinds.Ids<Document>(), one => one.DistinctFrom), Party("attester", one => one.Attester), Party("sellersHand", one => one.SellersHand),
        Time("attestedAt", one => one.AttestedAt), Of("reliant", Kinds.Parties, one => one.Reliant),
    ];

    protected override Currency CurrencyOf(Document one, At at) => one.Currency;
}

/// <summary>A keyed fingerprint of a document's number, or of what looks like it.</summary>
sealed class FingerprintShape() : Shape<Fingerprint>("Fingerprint")
{
    protected override IEnumerable<Column<Fingerprint>> Describe() =>
        [Text("scheme", one => one.Scheme), Number("epoch", one => one.Epoch), Hash("value", one => one.Value)];
}
