using System.CommandLine;
using Ledger.Client.Backups;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger backup</c> and <c>ledger restore</c>: a data folder copied while its node runs, and back. The vote and the keys are in none.</summary>
static class BackupCommands
{
    public static Command MakeBackup(Shell shell)
    {
        var data = new Argument<string?>("DATA") { Description = "a node's data folder; its node may run", Arity = ArgumentArity.ZeroOrOne };
        var destination = Options.File("--out", "folder of the backup: new, or an earlier one, which is brought up to date");
        var check = Options.Flag("--check", "copy nothing: hold the backup against its hashes and derive its whole chain again");
        return shell.Command("backup", "Back up a data folder while its node runs.", [data, destination, check], (run, cancel) =>
        {
            var target = run.Required(destination);
            if (run.Value(check)) return Task.FromResult(VerifyChain.Tell(run, DataBackup.Check(target, new VerifyChain.Progress(run, cancel)), audit: null));
            var source = run.Value(data) ?? throw StopException.Usage("请给出数据目录。", "Name the data folder.");
            return Task.FromResult(Told(() =>
            {
                var report = DataBackup.Take(source, target, new Copied(run), cancel);
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
        var backup = Options.Text("DIR", "a backup");
        var data = Options.File("--data", "data folder to restore into: new or empty");
        return shell.Command("restore", "Restore a backup into an empty data folder, and verify it there.", [backup, data], (run, cancel) =>
            Task.FromResult(Told(() =>
            {
                var target = run.Required(data);
                var code = VerifyChain.Tell(
                    run, DataBackup.Restore(run.Value(backup), target, new Copied(run), new VerifyChain.Progress(run, cancel), cancel), audit: null);
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

    /// <summary>Says now and then how much is copied, to people only.</summary>
    sealed class Copied(Run run) : IProgress<BackupProgress>
    {
        const int Steps = 10;
        long told;

        public void Report(BackupProgress value)
        {
            if (!run.Terminal.IsErrorTerminal || value.BytesTotal == 0 || value.BytesDone * Steps / value.BytesTotal <= told) return;
            told = value.BytesDone * Steps / value.BytesTotal;
            run.Output.Message($"已复制 {100 * told / Steps} % …", $"copied {100 * told / Steps} % …");
        }
    }
}
