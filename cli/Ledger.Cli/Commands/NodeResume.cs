using System.CommandLine;
using System.Diagnostics;
using Ledger.Cli.Bench;
using Ledger.Client.Devnet;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger node resume</c>: lets a node of this machine go on that lost its vote or its order. What it does is the node's own program's, under the node's settings and its password.</summary>
static class NodeResume
{
    public static Command Make(Shell shell)
    {
        var config = Options.TextOption("--config", "节点的设置文件", "the node's settings file", required: true, value: "FILE");
        var program = Options.TextOption("--node-program", "节点程序（默认：与本程序一同构建的）", "the node's program (default: the one built beside this)", value: "FILE");
        var yes = Options.Flag("--yes", "不询问，供脚本使用", "do not ask: for scripts");
        return shell.Command(
            "resume", "恢复本机一个丢失了投票记录、链被恢复过或排序已损坏的节点：自其链末进入新纪元。节点须已停止。",
            "Let a node of this machine go on whose vote was lost, whose chain was restored or whose order is broken: in a new epoch, from its chain's end. The node must be stopped.", [config, yes, program], async (run, cancel) =>
            {
                var settings = run.Required(config);
                if (!File.Exists(settings)) throw StopException.NotFound(settings ?? "");
                var found = run.Value(program) ?? NodeProgram.Find() ?? throw new StopException(
                    ExitCode.NotFound, $"找不到节点程序 {NodeProgram.Name}：请用 --node-program 指明。", $"The node's program {NodeProgram.Name} is not beside this one: name it with --node-program.");
                var command = LocalProcess.CommandOf(found);

                // Its settings name files from where they lie, and it asks on this terminal.
                var start = new ProcessStartInfo(command[0], [.. command.Skip(1), "resume", "--config", System.IO.Path.GetFullPath(settings), .. run.Value(yes) ? (string[])["--yes"] : []])
                {
                    WorkingDirectory = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(settings)) ?? "",
                };
                using var process = Process.Start(start) ?? throw new IOException(found);
                await process.WaitForExitAsync(cancel);
                return process.ExitCode;
            }, "node resume --config /etc/ledger-node/node.json");
    }
}
