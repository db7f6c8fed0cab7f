using System.CommandLine;
using Ledger.Cli.Help;
using Ledger.Client.Backups;
using Ledger.Client.ChainFolder;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger backup</c> and <c>ledger restore</c>: a data folder copied while its node runs, and back. The vote and the keys are in none.</summary>
static class BackupCommands
{
    public static Command MakeBackup(Shell shell)
    {
        var data = new Argument<string?>("DATA") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null }.Told("节点的数据目录；节点可在运行", "a node's data folder; its node may run");
        var destination = Options.File("--out", "备份目录：新目录，或要更新的已有备份", "folder of the backup: new, or an earlier one, which is brought up to date");
        var check = Options.Flag("--check", "不复制：按哈希核对备份，并重新推导整条链", "copy nothing: hold the backup against its hashes and derive its whole chain again");
        return shell.Command("backup", "在节点运行时备份数据目录。", "Back up a data folder while its node runs.", [data, destination, check], (run, cancel) =>
        {
            var target = run.Required(destination);
            if (run.Value(check)) return Task.FromResult(Verified(run, target, watcher => DataBackup.Check(target, watcher), cancel));
            var source = run.Value(data) ?? throw StopException.Usage("请给出数据目录。", "Name the data folder.");
            return Task.FromResult(Told(() =>
            {
                BackupReport report;
                using (var copied = new Copied(run)) report = DataBackup.Take(source, target, copied, cancel);
                run.Output.Record([
                    new("chainId", "链标识", "chain id", report.Manifest.ChainId),
                    new("height", "高度", "height", report.Manifest.Height),
                    new("leaves", "叶", "leaves", report.Manifest.Size),
                    new("root", "历史根", "root of the history", report.Manifest.Root),
                    new("files", "文件", "files", report.Manifest.Files.Count),
                    new("copied", "本次复制", "copied now", report.CopiedFiles),
                    new("copiedBytes", "本次复制字节", "bytes copied now", report.CopiedBytes),
                    new("kept", "此前已备份", "there from before", report.KeptFiles),
                ]);
                return ExitCode.Ok;
            }));
        }, "backup ./data --out /mnt/backup/ledger", "backup --check --out /mnt/backup/ledger");
    }

    public static Command MakeRestore(Shell shell)
    {
        var backup = Options.Text("DIR", "备份", "a backup");
        var data = Options.File("--data", "要恢复到的数据目录：新目录或空目录", "data folder to restore into: new or empty");
        return shell.Command("restore", "将备份恢复到空的数据目录，并在其中核验。", "Restore a backup into an empty data folder, and verify it there.", [backup, data], (run, cancel) =>
            Task.FromResult(Told(() =>
            {
                var target = run.Required(data);
                using var copied = new Copied(run);
                var code = Verified(run, target, watcher => DataBackup.Restore(run.Value(backup), target, copied, watcher, cancel), cancel);
                if (code == ExitCode.Ok)
                {
                    run.Output.Message(
                        "已恢复并核验。备份不含投票记录：节点在执行 ledger-node resume 之前不会签署。",
                        "Restored and verified. The vote is in no backup: the node signs nothing before ledger-node resume.");
                }
                else
                {
                    run.Output.Message($"未能恢复：{target} 不可使用，请删除后重试。", $"Not restored: {target} is of no use and no node opens it. Remove it and try another backup.");
                }

                return code;
            })), "restore /mnt/backup/ledger --data ./data");
    }

    static int Told(Func<int> act)
    {
        try
        {
            return act();
        }
        catch (BackupException wrong)
        {
            throw new StopException(ExitCode.Fault, wrong.Chinese, wrong.Message);
        }
    }

    static int Verified(Run run, string path, Func<IProgress<ChainProgress>, ChainVerdict> verify, CancellationToken cancel)
    {
        ChainVerdict verdict;
        using (var watcher = new VerifyChain.ChainWatcher(run, cancel)) verdict = verify(watcher);
        return VerifyChain.Tell(run, path, verdict, audit: null);
    }

    /// <summary>Shows how much is copied, to people only.</summary>
    sealed class Copied(Run run) : IProgress<BackupProgress>, IDisposable
    {
        readonly Progress progress = new(run);

        public void Report(BackupProgress value)
        {
            var percent = value.BytesTotal == 0 ? 0 : value.BytesDone * 100 / value.BytesTotal;
            progress.Tell(() => $"已复制 {percent} % …", () => $"copied {percent} % …");
        }

        public void Dispose() => progress.Dispose();
    }
}
