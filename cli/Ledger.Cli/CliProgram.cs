using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Ledger.Cli.Commands;
using Ledger.Client.Api;
using Ledger.Client.Text;

namespace Ledger.Cli;

/// <summary>The whole program as a function of its arguments and its terminal.</summary>
public static class CliProgram
{
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TextReader input, CancellationToken cancel) =>
        RunAsync(args, new Terminal(output, error, input), cancel);

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancel)
    {
        var shell = new Shell(terminal);
        var parsed = Root(shell).Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };

        // The framework prints what is wrong and what may have been meant, and would exit with 1.
        if (parsed.Errors.Count > 0)
        {
            if (parsed.Action is ParseErrorAction says) (says.ShowHelp, says.ShowTypoCorrections) = (false, true);
            configuration.Output = terminal.Error;
            await parsed.InvokeAsync(configuration, CancellationToken.None);
            return ExitCode.Usage;
        }

        var language = shell.Globals.Language(parsed, terminal);
        int Stop(int code, string chinese, string english)
        {
            terminal.Error.WriteLine(language == Language.Chinese ? chinese : english);
            return code;
        }

        try
        {
            return await parsed.InvokeAsync(configuration, cancel);
        }
        catch (StopException stop)
        {
            return Stop(stop.ExitCode, stop.Chinese, stop.Message);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Stop(ExitCode.Interrupted, "已中断。", "Interrupted.");
        }
        catch (NodeUnreachableException unreachable)
        {
            return Stop(
                ExitCode.Unreachable,
                $"节点 {unreachable.Address} 没有应答。请检查 --node 或环境变量 LEDGER_NODE；重发同一交易总是安全的。",
                $"{unreachable.Message} Check --node or the variable LEDGER_NODE; to send the same transaction again is always safe.");
        }
        catch (NodeAnsweredException answered)
        {
            return Stop(Submission.CodeOf(answered.Answer), answered.Answer.Sentence ?? $"节点答复 HTTP {answered.Answer.HttpStatus}。", answered.Message);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Stop(ExitCode.NotFound, $"找不到文件：{missing.Message}", $"Not found: {missing.Message}");
        }
        catch (UnauthorizedAccessException denied)
        {
            return Stop(ExitCode.NotAllowed, $"没有权限：{denied.Message}", $"Not allowed: {denied.Message}");
        }
        catch (IOException fault)
        {
            return Stop(ExitCode.Fault, $"读写失败：{fault.Message}", $"Reading or writing failed: {fault.Message}");
        }
    }

    static RootCommand Root(Shell shell)
    {
        var root = new RootCommand("ledger: build, sign and send transactions, and verify the ledger offline.");
        foreach (var option in shell.Globals.All) root.Options.Add(option);
        foreach (var command in (ReadOnlySpan<Command>)
        [
            KeyCommands.Make(shell), GenesisCommands.Make(shell), VerifyCommands.Make(shell), TransactionCommands.Make(shell),
            PartyCommands.Make(shell), DocumentCommands.Make(shell), ReceivableCommands.Make(shell), TokenCommands.Make(shell),
            FinancingCommands.Make(shell), ImportCommands.Make(shell), PaymentCommands.Make(shell),
            ShowCommands.MakeShow(shell), ShowCommands.MakeLineage(shell), DisclosureCommands.MakeDisclose(shell), DisclosureCommands.MakeDisclosures(shell),
            ClockCommands.Make(shell), SnapshotCommands.Make(shell), BackupCommands.MakeBackup(shell), BackupCommands.MakeRestore(shell), BenchCommand.Make(shell), DocsCommands.Make(shell),
        ]) root.Subcommands.Add(command);

        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction whole } help) help.Action = new ExamplesFirst(whole);
        }

        return root;
    }

    /// <summary>People read examples first.</summary>
    sealed class ExamplesFirst(HelpAction whole) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var examples = Examples.Of(parseResult.CommandResult.Command);
            if (examples.Count > 0)
            {
                var output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (var example in examples) output.WriteLine($"  ledger {example}");
                output.WriteLine();
            }

            return whole.Invoke(parseResult);
        }
    }
}
