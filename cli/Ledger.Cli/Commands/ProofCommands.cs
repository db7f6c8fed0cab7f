using System.CommandLine;
using System.Globalization;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger proof</c>: fetches what is verified offline afterwards. The receipt of a transaction is <c>ledger tx receipt</c>.</summary>
static class ProofCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "proof", "取回证明：状态中有什么、没有什么，历史未被改写；可离线核验。", "Fetch proofs to verify offline: of what the state holds and what it does not, and that the history was not rewritten.",
        OfInstrument(shell), OfDocument(shell), OfFingerprint(shell), Consistency(shell));

    static Command OfInstrument(Shell shell)
    {
        var (id, path, reading) = (InstrumentCommands.Argument(), Options.OutFile(), new Reading());
        var holder = Options.OptionalParty("--holder", "只证明该持有人的份额", "only the tokens of this holder");
        var units = Options.OptionalUnits("只证明触及这段单位的份额", "only the tokens that touch these units");
        return shell.Command(
            "instrument", "证明一张凭证或票据，及谁持有其份额；没有时证明其不存在。", "Prove a receivable or a bill and who holds its units, or that there is none.", [id, holder, units, path, .. reading.All],
            (run, cancel) =>
            {
                string?[] chosen = [run.Value(holder) is { } party ? $"holder={party}" : null, run.Value(units) is { } part ? $"units={part}" : null];
                var query = string.Join('&', chosen.OfType<string>());
                return FetchAsync(run, reading, $"{NodePaths.Instrument(run.Value(id))}/proof{(query.Length > 0 ? "?" : "")}{query}", run.Value(id).ToString(), run.Value(path), cancel);
            }, "proof instrument AAAAAAAAAAAAAAAAAAAAAQ --holder 91310115XX0000019T --out holding.state-proof", "proof instrument AAAAAAAAAAAAAAAAAAAAAQ --out all.state-proof");
    }

    static Command OfDocument(Shell shell)
    {
        var (path, reading) = (Options.OutFile(), new Reading());
        var id = Options.IdArgument<Document>("DOCUMENT", "背景材料的编号", "the document's id");
        return shell.Command(
            "document", "证明一份背景材料被占用了多少；没有时证明其不存在。", "Prove how much of a document is taken, or that there is none.", [id, path, .. reading.All],
            (run, cancel) => FetchAsync(run, reading, $"{NodePaths.Document(run.Value(id))}/proof", run.Value(id).ToString(), run.Value(path), cancel), "proof document AAAAAAAAAAAAAAAAAAAAAQ --out invoice.state-proof");
    }

    static Command OfFingerprint(Shell shell)
    {
        var (path, reading) = (Options.OutFile(), new Reading());
        var scheme = Options.Text("SCHEME", "指纹的方案", "the fingerprint's scheme");
        var epoch = Options.Argument<uint>("EPOCH", "密钥期", "the epoch of its key", static (ReadOnlySpan<char> text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number));
        var value = Options.Argument<Hash256>("VALUE", "指纹，64 位十六进制", "the fingerprint, 64 hexadecimal digits", Hash256.TryParse);
        return shell.Command(
            "fingerprint", "证明某份单据的指纹未被登记（银行与监管方）。", "Prove that a document's fingerprint is not registered (for banks and regulators).", [scheme, epoch, value, path, .. reading.All],
            (run, cancel) =>
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(run.Value(scheme))}/{run.Value(epoch)}/{run.Value(value)}");
                return FetchAsync(run, reading, $"v1/fingerprints/{name}/proof", name, run.Value(path), cancel);
            }, "proof fingerprint invoice 1 0000000000000000000000000000000000000000000000000000000000000001 --out unused.state-proof");
    }

    static Command Consistency(Shell shell)
    {
        var (path, reading) = (Options.OutFile(), new Reading());
        var older = Options.Text("OLD", "较早的检查点，或含有它的回执、状态证明、一致性证明", "the older checkpoint, or a receipt, state proof or consistency proof that has it");
        return shell.Command(
            "consistency", "证明节点的历史以您已有的检查点为前缀。", "Prove that the node's history begins with that of a checkpoint which you have.", [older, path, .. reading.All],
            (run, cancel) => VerifyConsistency.NoteOf(run.Read(run.Value(older))) is { } note
                ? FetchAsync(run, reading, string.Create(CultureInfo.InvariantCulture, $"v1/consistency?from={note.Checkpoint.Size}"), run.Value(older), run.Value(path), cancel)
                : throw StopException.Usage($"{run.Value(older)} 不是检查点，也不是含有检查点的文件。", $"{run.Value(older)} is no checkpoint and no file that has one."),
            "proof consistency receipt.tlog-proof --out now.consistency");
    }

    static async Task<int> FetchAsync(Run run, Reading reading, string path, string what, string? file, CancellationToken cancel)
    {
        var api = await reading.OpenAsync(run, cancel);
        run.WriteExact(await api.BytesAsync(reading.At(run, path), cancel) ?? throw StopException.NotFound(what), file);
        return ExitCode.Ok;
    }
}
