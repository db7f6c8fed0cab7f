using System.CommandLine;
using System.Globalization;
using Ledger.Client.Disclosures;
using Ledger.Client.Files;
using Ledger.Client.Text;
using Ledger.Core.State;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger disclose</c> and <c>ledger disclosures</c>: hidden terms go to a bank's node and come back from it, never over the chain.</summary>
static class DisclosureCommands
{
    public static Command MakeDisclose(Shell shell)
    {
        var file = Options.Text("FILE", "一个操作的披露文件，- 为标准输入", "disclosures of one operation, or - for standard input");
        var node = Node.Option();
        return shell.Command("disclose", "把账本上某操作的隐藏条款交给一个节点。", "Hand hidden terms of an operation on the ledger to a node.", [file, node], async (run, cancel) =>
        {
            var json = run.Read(run.Value(file));
            if (!DisclosureFile.TryRead(json, out _, out var problem))
                throw new StopException(ExitCode.Refused, Sentence(problem, Language.Chinese), Sentence(problem, Language.English));

            var answer = await Node.Open(run, node).DiscloseAsync(json, cancel);
            if (answer.Code != Refusal.None) run.Output.Message(answer.Sentence ?? "", answer.SentenceEn ?? "");
            else run.Output.Answer(answer.Body);
            return Submission.CodeOf(answer);
        }, "disclose ./disclosures/91440300MA1000017E_AAAAAAAAAAAAAAAAAAAAAQ_0.json");
    }

    public static Command MakeDisclosures(Shell shell)
    {
        var party = Options.PartyArgument("PARTY", "交易的操作方", "the transaction's acting party");
        var id = Options.IdArgument<Transaction>("ID", "交易号", "the transaction's id");
        var folder = Options.TextOption(
            "--out", "写入披露文件的目录，供 verify chain --disclosures 读取", "folder for the files that verify chain --disclosures reads", value: "DIR");
        var reading = new Reading(hasHeights: false);
        return shell.Command("disclosures", "显示节点所存某交易的隐藏条款。", "Show the hidden terms of a transaction that a node holds.", [party, id, folder, .. reading.All], async (run, cancel) =>
        {
            var found = await (await reading.OpenAsync(run, cancel)).DisclosuresAsync(run.Value(party), run.Value(id), cancel)
                ?? throw StopException.NotFound($"{run.Value(party)} {run.Value(id)}");
            if (found.Unreadable > 0)
                run.Output.Message($"节点有 {found.Unreadable} 个披露文件无法读取。", $"{found.Unreadable} of the node's files of disclosures cannot be read.");
            if (run.Value(folder) is { } target) Write(target, found.Files);
            run.Output.Table(
                [
                    new("operation", "操作序号", "operation", null), new("term", "条款", "term", null), new("value", "值", "value", null),
                    new("unit", "单位", "unit", null),
                ],
                from file in found.Files
                from one in file.Set.All
                select (IReadOnlyList<System.Text.Json.Nodes.JsonNode?>)[file.Operation, one.Key.Name(), one.Value.Value, UnitOf(run.Output, one.Key)]);
            return ExitCode.Ok;
        }, "disclosures 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ --out ./disclosures");
    }

    /// <summary>One file of disclosures.</summary>
    internal static DisclosureFile ReadFile(Run run, string path) => DisclosureFile.TryRead(run.Read(path), out var file, out var problem)
        ? file
        : throw new StopException(ExitCode.Refused, $"{path}：{Sentence(problem, Language.Chinese)}", $"{path}: {Sentence(problem, Language.English)}");

    /// <summary>Every file of a folder. One that cannot be read would leave open what it hides, so nothing is verified then.</summary>
    internal static IReadOnlyList<DisclosureFile> ReadFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw StopException.NotFound(folder);
        var files = new List<DisclosureFile>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            if (!DisclosureFile.TryRead(BoundedFile.Read(path, DisclosureFile.MaxSize), out var file, out var problem))
            {
                throw new StopException(
                    ExitCode.CouldNotCheck, $"{path}：{Sentence(problem, Language.Chinese)}", $"{path}: {Sentence(problem, Language.English)}");
            }

            files.Add(file);
        }

        return files;
    }

    static string UnitOf(Output output, Term term) => term.Kind() switch
    {
        TermKind.Amount => output.Say("最小货币单位", "minor units"),
        TermKind.Rate => output.Say("年利率，百万分之一", "millionths a year"),
        _ => output.Say("文本", "text"),
    };

    static string Sentence(DisclosureProblem problem, Language language) =>
        RefusalText.Of(problem.Refusal, new Facts(Reason: problem.Reason), language, offsetMinutes: 0);

    static void Write(string folder, IEnumerable<DisclosureFile> files)
    {
        OwnerOnly.CreateFolder(folder);
        foreach (var file in files)
        {
            using var stream = OwnerOnly.Create(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{file.Party}_{file.Id}_{file.Operation}.json")), FileMode.Create);
            stream.Write(file.ToJson());
        }
    }
}
