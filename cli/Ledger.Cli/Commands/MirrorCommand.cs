using System.CommandLine;
using System.Text.Json.Nodes;
using Ledger.Client.Mirroring;
using Ledger.Client.Signing;
using Ledger.Core.Chain;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger mirror</c>: keeps a copy of a network's history and holds what its nodes show against it.</summary>
static class MirrorCommand
{
    const uint Every = 10;

    public static Command Make(Shell shell)
    {
        var nodes = Options.TextOption(
            "--node", $"一个或多个节点的地址，以逗号分隔（默认：环境变量 LEDGER_NODE、设置文件，或 {Node.Default}）", $"the addresses of one or more nodes, with commas between (default: the variable LEDGER_NODE, the settings, or {Node.Default})", value: "URL[,URL]");
        var trusted = new TrustOptions();
        var folder = Options.File("--out", "镜像所在的目录；没有时创建", "the folder of the copy, which is made where there is none", value: "DIR");
        var once = Options.Flag("--once", "各节点只看一遍即结束（默认：持续跟随）", "look at each node once and end (default: follow)");
        var seconds = Options.OptionalWhole("--every", $"两遍之间的秒数（默认 {Every}）", $"seconds between two rounds (default: {Every})");
        var entries = Options.Flag("--entries", "同时保存条目本身；只向第一个节点索取，须以有权查看全部条目者（监管方）的密钥读取", "keep the entries too; the first node is asked for them, in the name of who may read all of them (a regulator)");
        var key = Options.TextOption("--key", "以此密钥所属参与方的身份读取条目", "read the entries as the party of this key", value: "FILE");
        var password = Options.PasswordFile();
        return shell.Command(
            "mirror", "保存账本历史的镜像并逐一核验：检查点的签名、一致性与全部哈希；各节点所示不一致时留下证据。",
            "Keep a copy of the history and verify it: the checkpoints' signatures, consistency and every hash; nodes that show two histories leave evidence.",
            [nodes, .. trusted.All, folder, once, seconds, entries, key, password], async (run, cancel) =>
            {
                var trust = trusted.Of(run);
                var addresses = (run.Setting(Setting.Node, run.Value(nodes)).Value ?? Node.Default).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Node.AddressOf).ToArray();
                if (run.Value(seconds) == 0) throw StopException.Usage("--every 至少为 1 秒。", "--every is one second at least.");
                if (addresses.Length == 0) throw StopException.Usage("--node 中没有地址。", "--node names no address.");
                ReadPasses? passes = run.Value(entries) ? await NamedReader.PassesAsync(run, addresses[0].ToString(), run.Value(key), run.Value(password), onBehalfOf: null, cancel) : null;
                var sources = addresses.Select((address, i) => LogSource.Open(address, i == 0 ? passes : null, run.Terminal.Time)).ToArray();
                try
                {
                    using var taken = MirrorFolder.Take(run.Required(folder));
                    var rounds = new Rounds(run, trust, taken, sources, run.Value(entries));
                    return await rounds.RunAsync(run.Value(once), TimeSpan.FromSeconds(run.Value(seconds) ?? Every), cancel);
                }
                catch (MirrorException stopped)
                {
                    throw Stop(stopped);
                }
                finally
                {
                    foreach (var source in sources) source.Dispose();
                }
            }, "mirror --node http://127.0.0.1:7410,http://127.0.0.1:7411 --policy policy.txt --out mirror --once", "mirror --genesis genesis.json --out mirror --entries --key regulator.key.json");
    }

    /// <summary>What a command says that met what a mirror cannot go on from.</summary>
    internal static StopException Stop(MirrorException stopped) => new(CodeOf(stopped), stopped.Chinese, stopped.Message);

    static int CodeOf(MirrorException stopped) => stopped.Fault switch
    {
        MirrorFault.Folder => ExitCode.Fault,
        MirrorFault.Unreachable or MirrorFault.NoAnswer => ExitCode.Unreachable,
        MirrorFault.NotAllowed => ExitCode.NotAllowed,
        MirrorFault.Untrusted or MirrorFault.False => ExitCode.VerificationFalse,
        MirrorFault.CannotBeChecked => ExitCode.CouldNotCheck,
    };

    /// <summary>Looks at one node after the other, again and again, and says what changed.</summary>
    sealed class Rounds(Run run, Trust trust, MirrorFolder folder, LogSource[] sources, bool withEntries)
    {
        readonly Dictionary<Uri, string> told = [];

        public async Task<int> RunAsync(bool once, TimeSpan every, CancellationToken cancel)
        {
            using var progress = new Progress(run);
            var mirror = Mirror.Open(folder, trust.Suite, trust.Policy, run.Terminal.Time, at => progress.Tell(
                () => at.IsOfEntries ? $"条目 {Run.Number(at.Done)} / {Run.Number(at.Total)}" : $"瓦片 {Run.Number(at.Done)} / {Run.Number(at.Total)}",
                () => at.IsOfEntries ? $"entries {Run.Number(at.Done)} of {Run.Number(at.Total)}" : $"tiles {Run.Number(at.Done)} of {Run.Number(at.Total)}"));
            while (true)
            {
                var before = mirror.Held;
                var (looks, failed) = (new List<MirrorLook.Agrees>(), new List<MirrorException>());
                foreach (var source in sources)
                {
                    try
                    {
                        switch (await mirror.LookAsync(source, withEntries && source == sources[0], cancel))
                        {
                            case MirrorLook.Contradicts split:
                                return SaySplit(source, split);
                            case MirrorLook.Agrees agrees:
                                told.Remove(source.Address);
                                looks.Add(agrees);
                                break;
                        }
                    }
                    catch (MirrorException fault) when (fault.Fault != MirrorFault.Folder)
                    {
                        failed.Add(fault);
                        if (told.GetValueOrDefault(source.Address) != fault.Message) run.Output.Message(fault.Chinese, fault.Message);
                        told[source.Address] = fault.Message;
                    }
                }

                if (looks.Count > 0 && mirror.Held is { } held && (once || held.Checkpoint != before?.Checkpoint || looks.Any(look => look.FetchedEntries > 0))) Say(held, before, looks, failed);
                if (once) return CodeOf(looks, failed);
                await Task.Delay(every, run.Terminal.Time, cancel);
            }
        }

        // Who does not answer is no fault of the history while others do; who lies is.
        static int CodeOf(List<MirrorLook.Agrees> looks, List<MirrorException> failed)
        {
            var worst = failed.FirstOrDefault(static fault => fault.Fault != MirrorFault.Unreachable) ?? (looks.Count == 0 ? failed[0] : null);
            return worst is null ? ExitCode.Ok : MirrorCommand.CodeOf(worst);
        }

        void Say(Note held, Note? before, List<MirrorLook.Agrees> looks, List<MirrorException> failed) => run.Output.Record(
            new("verdict", "结论", "verdict", run.Output.Verdict(failed.Count == 0, failed.Count == 0 ? run.Output.Say("各节点所示一致", "all nodes show one history") : run.Output.Say("应答的节点所示一致；其余见消息", "the nodes that answered show one history; of the others see the messages"))),
            new("origin", "检查点来源", "origin", held.Checkpoint.Origin),
            new("leaves", "叶子", "leaves", held.Checkpoint.Size),
            new("root", "根", "root", held.Checkpoint.Root.ToString()),
            new("signedBy", "签名银行", "signed by", trust.Signers(held)),
            new("newLeaves", "新增叶子", "new leaves", held.Checkpoint.Size - (before?.Checkpoint.Size ?? 0)),
            new("tiles", "取得的瓦片", "tiles fetched", looks.Sum(static look => look.FetchedTiles)),
            new("entries", "取得的条目", "entries fetched", looks.Aggregate(0UL, static (sum, look) => sum + look.FetchedEntries)),
            new("nodes", "应答的节点", "nodes that answered", looks.Count),
            new("failed", "未取得结果的节点", "nodes without result", failed.Count));

        int SaySplit(LogSource source, MirrorLook.Contradicts split)
        {
            var view = split.View;
            run.Output.Record(
                new("verdict", "结论", "verdict", run.Output.Verdict(isGood: false, run.Output.Say("历史分叉：节点所示的历史与镜像互相排斥。镜像保持原样，请保存证据并立即联系各银行与监管方", "split view: the node shows a history that excludes the copy's. The copy is as it was; keep the evidence and call the banks and the supervisor"))),
                new("node", "节点", "node", source.Address.ToString()),
                new("shownBy", "出示方", "shown by", view.ShownBy?.Text),
                new("evidence", "证据", "evidence", Path.Combine(folder.Path, split.File)),
                new("proved", "两份检查点均符合策略", "both checkpoints satisfy the policy", split.IsGood),
                new("checkpoints", "两份检查点", "the two checkpoints", new JsonArray(Line(view.Shown.Checkpoint), Line(view.Mine.Checkpoint))));
            return ExitCode.SplitView;
        }

        string Line(Checkpoint one) => run.Output.Say($"{one.Size} 叶，根 {one.Root}", $"{one.Size} leaves with root {one.Root}");
    }
}
