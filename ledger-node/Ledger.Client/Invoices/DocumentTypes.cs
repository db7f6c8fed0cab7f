using System.Collections.Frozen;

namespace Ledger.Client.Invoices;

/// <summary>
/// What a type code of UNTDID 1001 means for a claim: every code that EN 16931 lists for invoices and credit notes (BR-CL-01), and
/// 480, which Peppol adds for sellers outside the tax.
/// </summary>
static class DocumentTypes
{
    static readonly FrozenDictionary<string, DocumentClaim> Known = new Dictionary<DocumentClaim, string>
    {
        // Invoices and debit notes of a seller, written by it or by the buyer in its name (389, 527), in parts or at the end of work (204, 218, 219, 326, 875 to 877).
        [DocumentClaim.Owed] = "80 82 84 204 218 219 295 326 331 380 383 387 388 389 390 394 480 527 575 623 633 780 875 876 877 SalesInvoice",
        [DocumentClaim.Lowered] = "81 83 261 262 296 308 381 396 420 457 458 502 503 532",
        [DocumentClaim.Assigned] = "393 472 473 501",

        // Reminders (71), tax and claim notices (102, 817), data sheets (130, 751), valuations and applications that are provisional or somebody else's (202, 203, 211), pro forma (325),
        // commissions (382), papers that replace or gather others (384, 385, 471), prepayments (386, 500), consignments (395), bank advices (456), discrepancies
        // (553), and copies for authorities (870, 935).
        [DocumentClaim.None] = "71 102 130 202 203 211 325 382 384 385 386 395 456 471 500 553 751 817 870 935",
    }.SelectMany(claim => claim.Value.Split(' ').Select(code => (code, claim.Key))).ToFrozenDictionary(pair => pair.code, pair => pair.Key);

    /// <summary>What the code means; nothing is owed by a paper of a type that no list has.</summary>
    public static DocumentClaim ClaimOf(string code) => Known.GetValueOrDefault(code, DocumentClaim.None);
}

enum DocumentClaim
{
    /// <summary>The paper asks for no payment that is not asked for by another.</summary>
    None,

    /// <summary>The buyer owes the seller by it.</summary>
    Owed,

    /// <summary>It lowers what another paper asks for.</summary>
    Lowered,

    /// <summary>The buyer owes by it, to whom the seller sold the claim.</summary>
    Assigned,
}
