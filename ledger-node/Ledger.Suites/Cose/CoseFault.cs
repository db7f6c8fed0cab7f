using Ledger.Core.State;

namespace Ledger.Suites.Cose;

/// <summary>Why a file is no COSE receipt. Numbers are permanent.</summary>
public enum CoseFaultKind
{
    [Says("文件超过 256 KiB", "the file is larger than 256 KiB")]
    TooLarge = 1,

    [Says("不是以 ledger-cose-receipt/1 开头的三项 CBOR 数组，或其后另有内容", "it is no CBOR array of three that begins with ledger-cose-receipt/1, or something follows it")]
    NotAFile,

    [Says("叶不是 1 至 65535 字节的字节串", "the leaf is no byte string of 1 to 65,535 octets")]
    LeafMalformed,

    [Says("没有任何回执，或超过 64 份", "it has no receipt, or more than 64")]
    CountWrong,

    [Says("不是 COSE_Sign1（标签 18，四项），或其后另有内容", "it is no COSE_Sign1 (tag 18, of four), or something follows it")]
    NotSign1,

    [Says("受保护头部须恰有 alg（1）= ES256、kid（4）、iss（15）、vds（395）= 1 与 tree-size", "the protected header has to have alg (1) of ES256, kid (4), iss (15), vds (395) of 1 and tree-size, and nothing else")]
    ProtectedWrong,

    [Says("未受保护头部须恰有一份包含证明（396 之下的 -1）", "the unprotected header has to have one inclusion proof (-1 below 396), and nothing else")]
    UnprotectedWrong,

    [Says("包含证明须为 [长度, 序号, 1 至 64 个 32 字节的哈希]，且长度与受保护头部一致", "the inclusion proof has to be [size, index, 1 to 64 hashes of 32 octets], with the size of the protected header")]
    ProofWrong,

    [Says("载荷须为 null：根由叶与路径算出", "the payload has to be null: the root is computed of leaf and path")]
    PayloadNotDetached,

    [Says("签名须为 64 字节", "the signature has to be 64 octets")]
    SignatureMalformed,

    [Says("各份回执所证的不是同一检查点下的同一位置", "the receipts are not of one place under one checkpoint")]
    NotOfOnePlace,

    [Says("回执未按 kid 升序排列，或同一 kid 出现两次", "the receipts are not in the order of their kid, or one kid stands twice")]
    OutOfOrder,
}

/// <summary>The first thing that is wrong, and in which receipt of the file, from 1; 0 where it is in none.</summary>
public sealed record CoseFault(CoseFaultKind Kind, int Receipt = 0);
