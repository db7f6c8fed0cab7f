namespace Ledger.Client.Disclosures;

/// <summary>What may stand behind a salted digest. The names are the wire's, in camel case; there are no others.</summary>
public enum Term
{
    Rate = 1,
    PenaltyRate,
    Fees,
    NetProceeds,
    Interest,
    Payoff,
    Surplus,
    Refund,
    BuyBackPrice,
    LateInterest,
    Price,
    Account,
    AccountName,
    DocumentNumber,
    Contact,
    RecourseAmount,
}

/// <summary>How a term's value is written.</summary>
public enum TermKind
{
    /// <summary>Minor units, as amounts are on the wire.</summary>
    Amount = 1,

    /// <summary>Millionths a year.</summary>
    Rate,

    /// <summary>1 to 200 characters that somebody can see.</summary>
    Text,
}
