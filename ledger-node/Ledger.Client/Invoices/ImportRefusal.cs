using Ledger.Core.State;

namespace Ledger.Client.Invoices;

/// <summary>Why a file is not taken in as an invoice. The numbers are permanent.</summary>
public enum ImportRefusal : ushort
{
    [Says("文件不是格式良好的 XML。", "The file is not well-formed XML.")]
    NotXml = 20001,

    [Says("XML 含有文档类型声明或实体，或嵌套、节点数量超限，不予读取。", "The XML declares a document type or entities, or nests or repeats beyond bounds; it is not read.")]
    XmlIsDangerous = 20002,

    [Says("文件超过 5 MB。", "The file is larger than 5 MB.")]
    TooLarge = 20003,

    [Says("XML 的根元素不是已支持的发票格式。", "The XML's root element is no invoice syntax that is supported.")]
    NotAnInvoice = 20004,

    [Says("缺少必填项。", "A required field is missing.")]
    MissingField = 20005,

    [Says("销售方识别号不是有效的统一社会信用代码。", "The seller's number is not a valid USCC.")]
    SellerNumberInvalid = 20006,

    [Says("购买方识别号不是有效的统一社会信用代码。", "The buyer's number is not a valid USCC.")]
    BuyerNumberInvalid = 20007,

    [Says("数电票号码须为 20 位数字。", "The number of a fully digital e-invoice has 20 digits.")]
    NumberInvalid = 20008,

    [Says("金额不是有效的数字，或超出范围。", "An amount is not a figure, or out of range.")]
    AmountInvalid = 20009,

    [Says("金额、税额、价税合计或明细之间不一致。", "Net amount, tax, total and lines do not agree.")]
    AmountsDisagree = 20010,

    [Says("大写金额与小写金额不一致。", "The amount in capital characters differs from the figures.")]
    CapitalAmountDisagrees = 20011,

    [Says("开票日期无效。", "The issue date is not a date.")]
    DateInvalid = 20012,

    [Says("红字发票不能登记；它冲减所对应的蓝字发票。", "A red-letter invoice cannot be registered; it lowers the blue one that it names.")]
    RedLetter = 20013,

    [Says("编码不是 UTF-8 或 GB18030，或内容与编码不符。", "The encoding is neither UTF-8 nor GB18030, or the bytes do not fit it.")]
    EncodingUnknown = 20014,

    [Says("只应出现一次的项出现多次。", "A field that may stand once stands more than once.")]
    FieldRepeated = 20015,
}
