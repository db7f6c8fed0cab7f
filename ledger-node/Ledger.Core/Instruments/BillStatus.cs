using System.Globalization;

namespace Ledger.Core.Instruments;

/// <summary>A bill's life at the bill register (票据状态, CS01 to CS06).</summary>
public enum BillStatus : byte
{
    /// <summary>Registered by its drawer (已出票).</summary>
    Issued = 1,

    /// <summary>Its drawee owes it (已承兑).</summary>
    Accepted = 2,

    /// <summary>Delivered; only now are there holders, and sub-intervals (已收票).</summary>
    Held = 3,

    /// <summary>Its due date has come (已到期).</summary>
    Due = 4,

    /// <summary>Given up before anybody held it (已终止).</summary>
    Ended = 5,

    /// <summary>Paid or extinguished (已结清).</summary>
    Settled = 6,
}

/// <summary>What may be done with it now (流通标志).</summary>
public enum BillFlow : byte
{
    /// <summary>待收票 TF0101.</summary>
    AwaitsDelivery = 1,

    /// <summary>可流通 TF0301.</summary>
    Free = 2,

    /// <summary>An act on it waits for its answer (已锁定 TF0302).</summary>
    Locked = 3,

    /// <summary>不可转让 TF0303.</summary>
    NotTransferable = 4,

    /// <summary>已质押 TF0304.</summary>
    Pledged = 5,

    /// <summary>Sold with an agreement to buy it back, which no verb does (待赎回 TF0305).</summary>
    AwaitsRedemption = 6,

    /// <summary>托收在途 TF0401.</summary>
    Presented = 7,

    /// <summary>追索中 TF0402.</summary>
    InRecourse = 8,

    /// <summary>已结束 TF0501.</summary>
    Ended = 9,
}

/// <summary>The two codes under which the bill register keeps every interval. The default value is that of a bill the register does not know yet.</summary>
public readonly record struct BillPair(BillStatus Status, BillFlow Flow)
{
    /// <summary>As the register writes it, <c>CS03/TF0301</c>.</summary>
    public override string ToString() => this == default ? "-" : $"{BillCodes.Of(Status)}/{BillCodes.Of(Flow)}";
}

/// <summary>The register's spelling of its codes.</summary>
public static class BillCodes
{
    static readonly string[] Flows = ["TF0101", "TF0301", "TF0302", "TF0303", "TF0304", "TF0305", "TF0401", "TF0402", "TF0501"];

    public static string Of(BillStatus status) => string.Create(CultureInfo.InvariantCulture, $"CS{(byte)status:D2}");

    public static string Of(BillFlow flow) => Flows[(byte)flow - 1];
}
