namespace Ledger.Node.Voting;

/// <summary>The chain of one validator has got another, or another key: this node, which signs alone, may not go on.</summary>
sealed class ValidatorsChangedException() : Exception(
    "By votes this chain has other validators, or this one another node key: a node that signs alone makes nothing final here any more, and stops. Everything up to here is final and kept. "
    + "经表决，本链的验证节点或其密钥已变更：单独签署的节点不能再使任何内容终局，现予停止。此前内容均已终局并保存。");
