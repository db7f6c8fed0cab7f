using System.CommandLine;
using Ledger.Client.Api;
using Ledger.Core.Chain;
using Ledger.Core.State;
using Ledger.Suites.Cose;

namespace Ledger.Cli.Commands;

/// <summary>
/// <c>ledger tx receipt --cose</c>: a receipt with the words of several banks, each asked of its own node, all of one leaf under one checkpoint. A node that lies or is silent is told of, and its word left out.
/// </summary>
sealed class CoseGathering
{
    // A node that is a block behind has it within moments.
    const int Attempts = 25;
    static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    readonly Option<bool> cose = Options.Flag("--cose", "取 COSE 回执（RFC 9942），公共 COSE 工具可核验其中每家银行的签署", "as a COSE receipt (RFC 9942), in which public COSE tools verify each bank's word");
    readonly Option<string[]> others = Options.Texts("--also", "（--cose）另一家银行的节点，加上其签署；可重复", "(--cose) another bank's node, whose word is added; may be repeated", "URL");

    /// <summary>Whom the person trusts.</summary>
    public TrustOptions Trusted { get; } = new();

    public IEnumerable<Symbol> All => [cose, others, .. Trusted.All];

    public bool IsAsked(Run run) => run.Value(cose);

    /// <summary>A COSE receipt is no text, and what only it takes is not given for another.</summary>
    public void MustBeWhole(Run run, string? path)
    {
        if (!IsAsked(run) && (run.Required(others).Length > 0 || Trusted.IfGiven(run) is not null))
            throw StopException.Usage("--also、--genesis、--policy 与 --chain-id 只用于 --cose。", "--also, --genesis, --policy and --chain-id go with --cose alone.");
        if (IsAsked(run) && path is null or "-") throw StopException.Usage("COSE 回执不是文本：请用 --out 给出文件。", "A COSE receipt is no text: name a file with --out.");
    }

    /// <summary>The words of the node and of the others, until whom the person trusts have said enough; of all where nothing is said of trust.</summary>
    public async Task<byte[]> GatherAsync(Run run, LedgerApi node, byte[] receipt, CancellationToken cancel)
    {
        if (!TlogProof.TryParse(receipt, out var proof)) throw new StopException(ExitCode.Fault, "节点给出的不是回执。", "What the node gave is no receipt.");
        var trust = Trusted.IfGiven(run);
        var addresses = run.Required(others);
        var words = new List<CoseReceipt>();
        foreach (var (name, api) in addresses.Select(address => (address, Node.Open(address))).Prepend(("--node", node)))
        {
            if (await WordAsync(run, name, api, proof, isAlone: addresses.Length == 0, cancel) is not { } word || words.Any(known => known.KeyId == word.KeyId)) continue;
            words.Add(word);
            if (trust is not null && CoseReceiptFile.Of(proof.Leaf, words).Verify(trust.Suite, trust.Policy).Verdict == ProofVerdict.Verified) break;
        }

        if (words.Count == 0) throw new StopException(ExitCode.Unreachable, "没有任何节点给出签署。", "No node gave a word.");
        var file = CoseReceiptFile.Of(proof.Leaf, words);
        if (trust is not null && file.Verify(trust.Suite, trust.Policy) is { Verdict: not ProofVerdict.Verified } poor)
        {
            throw new StopException(
                poor.Verdict == ProofVerdict.BadSignature ? ExitCode.VerificationFalse : ExitCode.CouldNotCheck,
                $"所得 {words.Count} 家银行的签署不足以核验（{trust.Asks.Chinese}），未写入文件；请用 --also 加上其他银行的节点。",
                $"The words of {words.Count} banks that were given do not verify ({trust.Asks.English}), and no file was written: name further banks' nodes with --also.");
        }

        return file.Write();
    }

    static async Task<CoseReceipt?> WordAsync(Run run, string name, LedgerApi api, TlogProof proof, bool isAlone, CancellationToken cancel)
    {
        var checkpoint = proof.Note.Checkpoint;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var octets = await api.BytesAsync(NodePaths.Word(proof.Index, checkpoint.Size), cancel);
                if (octets is not null && CoseReceipt.Read(octets, out _) is { } word && word.Origin == checkpoint.Origin && word.Size == checkpoint.Size && word.Index == proof.Index && word.Path == proof.Hashes) return word;
                run.Output.Message($"{name}：所给的不是同一历史中该叶的 COSE 回执，未采用。", $"{name}: what it gave is no COSE receipt of this leaf in the same history; it is left out.");
                return null;
            }
            catch (NodeAnsweredException answered) when (answered.Answer.Code == Refusal.NotYetFinal && attempt < Attempts)
            {
                await Task.Delay(Between, run.Terminal.Time, cancel);
            }
            catch (Exception fault) when (!isAlone && fault is NodeUnreachableException or NodeAnsweredException)
            {
                run.Output.Message($"{name}：{(fault as NodeAnsweredException)?.Answer.Sentence ?? "没有应答"}", $"{name}: {fault.Message}");
                return null;
            }
        }
    }
}
