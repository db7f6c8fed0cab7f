using System.CommandLine;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger verify</c>: offline, trusting nobody's server. False is 6; what could not be checked is 7.</summary>
static class VerifyCommands
{
    public static Command Make(Shell shell) =>
        Shell.Noun(
            "verify", "离线核验链、回执、状态、一致性、快照、镜像或双签证据；或核验链上锚定。", "Verify a chain, a receipt, the state, consistency, a snapshot, a mirror or evidence offline; or anchors, on their chain.",
            VerifyChain.Make(shell), VerifyReceipt.Make(shell), VerifyState.Make(shell), VerifyConsistency.Make(shell), VerifySnapshot.Make(shell), VerifyMirror.Make(shell), VerifyEvidence.Make(shell), VerifyAnchor.Make(shell));

    internal static Option<Hash256?> ChainIdOption() =>
        Options.Optional<Hash256>("--chain-id", "您从别处得知的链标识，64 位十六进制", "the chain's id as you know it from elsewhere, 64 hexadecimal digits", Hash256.TryParse);
}
