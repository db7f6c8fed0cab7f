namespace Ledger.Client.Money;

/// <summary>Where custom differs in writing capital amounts: the prefix 人民币, the character for yuan, and 整 after a whole 角.</summary>
public sealed record CapitalStyle(bool Prefix, char Yuan, bool WholeAfterJiao)
{
    /// <summary>As on payment documents: 人民币壹万陆仟元整.</summary>
    public static readonly CapitalStyle Payment = new(Prefix: true, Yuan: '元', WholeAfterJiao: false);

    /// <summary>As on 数电票: 壹万陆仟圆整.</summary>
    public static readonly CapitalStyle EInvoice = new(Prefix: false, Yuan: '圆', WholeAfterJiao: true);
}
