using System.CommandLine;
using System.CommandLine.Help;
using Ledger.Cli.Commands;
using Ledger.Cli.Commands.Devnet;
using Ledger.Cli.Help;
using Ledger.Client.Api;
using Ledger.Client.Text;
using Ledger.Suites;

namespace Ledger.Cli;

/// <summary>The whole program as a function of its arguments and its terminal.</summary>
public static class CliProgram
{
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TextReader input, CancellationToken cancel) =>
        RunAsync(args, new Terminal(output, error, input), cancel);

    public static Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancel)
    {
        var shell = new Shell(terminal, Settings.Read(terminal));
        return RunAsync(Root(shell), shell, args, cancel);
    }

    /// <summary>The same with the tree of commands given, for who runs many: it takes longer to make than most commands take.</summary>
    internal static async Task<int> RunAsync(RootCommand root, Shell shell, string[] args, CancellationToken cancel)
    {
        var terminal = shell.Terminal;
        var isAsked = args is ["help", ..];
        var words = isAsked ? [.. args.Skip(1), "--help"] : args;
        var parsed = root.Parse(words, CommandWords.Reading);
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        var language = shell.Globals.Language(parsed, terminal, shell.Settings);

        // The framework would exit with 1. Help clears the errors of what stands before it, but not a word that leads nowhere.
        IReadOnlyList<string> unknown = [.. CommandWords.UnknownOptions(words, parsed), .. parsed.Action is HelpPage ? CommandWords.UnknownCommands(parsed, isAsked) : []];
        if (unknown.Count > 0 || (parsed.Errors.Count > 0 && parsed.Action is not HelpPage))
        {
            ParseMessages.Write(terminal.Error, parsed, unknown, language);
            return ExitCode.Usage;
        }

        int Stop(int code, string chinese, string english)
        {
            terminal.Error.WriteLine(language == Language.Chinese ? chinese : english);
            return code;
        }

        try
        {
            if (shell.Settings.Problem is { } wrong) throw wrong;
            Choose(shell.Settings.Of(Setting.Verification));
            var code = await parsed.InvokeAsync(configuration, cancel);
            if (KnownSuites.Verification.Fault is { } fault)
                terminal.Error.WriteLine(language == Language.Chinese ? $"自有验签结果有误，此后只用平台验签：{fault}。请报告维护者，并以 LEDGER_VERIFICATION=platform 重新核验。" : $"Own verification was wrong, and the platform alone verified from then on: {fault}. Tell its makers, and verify again under LEDGER_VERIFICATION=platform.");
            return code;
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
                $"节点 {unreachable.Address} 没有应答。请检查 --node、环境变量 LEDGER_NODE 或 ledger config show；重发同一交易总是安全的。",
                $"{unreachable.Message} Check --node, the variable LEDGER_NODE or ledger config show; to send the same transaction again is always safe.");
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
        catch (Exception bug)
        {
            // Nothing is done about it but to say so: whoever reads the exit code must not take it for an answer.
            terminal.Error.WriteLine(bug);
            return Stop(
                ExitCode.Mistake, "程序自身有误，未得出结论。请将以上内容报告给维护者。", "This is a mistake in the program, and no answer to what was asked. Tell its makers what stands above.");
        }
    }

    static void Choose(string? verification)
    {
        if (verification is not (null or "own" or "platform")) throw StopException.Usage($"验签方式 {verification} 无效：own 或 platform。", $"Signatures are verified by own or by platform, not by {verification}.");
        if (verification == "platform") KnownSuites.Verification.UsePlatform();
    }

    /// <summary>The whole tree of commands; help, completion and docs/CLI.md are made from it.</summary>
    internal static RootCommand Root(Shell shell)
    {
        var root = new RootCommand().Told("ledger：构造、签名、发送交易，离线核验账本。", "ledger: build, sign and send transactions, and verify the ledger offline.");
        root.With(
            "verify chain ./data", "verify receipt receipt.tlog-proof --genesis genesis.json", "token list --holder 91310115XX0000019T", "offer accept AAAAAAAAAAAAAAAAAAAAAQ --key my.key.json",
            "help token transfer");
        foreach (var option in shell.Globals.All) root.Options.Add(option);
        foreach (var command in (ReadOnlySpan<Command>)
        [
            PartyCommands.Make(shell), KeyCommands.Make(shell), MandateCommands.Make(shell),
            DocumentCommands.Make(shell), ImportCommands.Make(shell),
            ReceivableCommands.Make(shell), BillCommands.Make(shell), OfferCommands.Make(shell), TokenCommands.Make(shell), MeasureCommands.Make(shell),
            FinancingCommands.Make(shell), LineCommands.Make(shell), RegistryCommands.Make(shell),
            PaymentCommands.Make(shell), ClaimCommands.Make(shell), InstrumentCommands.Make(shell), ShowCommands.MakeLineage(shell),
            TransactionCommands.Make(shell), DraftCommands.Make(shell), BlockCommands.MakeBlock(shell), BlockCommands.MakeEntry(shell), AuditCommands.Make(shell), ShowCommands.MakeShow(shell),
            DisclosureCommands.MakeDisclose(shell), DisclosureCommands.MakeDisclosures(shell),
            ProofCommands.Make(shell), VerifyCommands.Make(shell), MirrorCommand.Make(shell), SnapshotCommands.Make(shell), BackupCommands.MakeBackup(shell), BackupCommands.MakeRestore(shell), ExportCommands.Make(shell), CasebookCommands.Make(shell),
            GenesisCommands.Make(shell), GovernanceCommands.Make(shell), EpochCommands.Make(shell), ClockCommands.Make(shell), NodeCommands.Make(shell),
            ConfigCommands.Make(shell), DebugCommands.Make(shell), BenchCommand.Make(shell), DevnetCommands.Make(shell), AnchorCommands.Make(shell), PledgeCommands.Make(shell),
            CompletionCommands.Make(shell), VersionCommand.Make(shell), HelpCommand(shell), DocsCommands.Make(shell),
        ]) root.Subcommands.Add(command);

        foreach (var option in root.Options)
        {
            if (option is HelpOption help)
            {
                foreach (var alias in help.Aliases.Where(alias => alias != "-h").ToArray()) help.Aliases.Remove(alias);
                help.Action = new HelpPage(parsed => shell.Globals.Language(parsed, shell.Terminal, shell.Settings));
                help.Told("显示帮助：示例、参数与选项", "show help: examples, arguments and options");
            }
            else if (option is VersionOption version)
            {
                version.Told("显示版本", "show the version");
            }
        }

        return root;
    }

    // What is typed behind it is read as the command that it is about; by itself it is the root's help.
    static Command HelpCommand(Shell shell) => shell.Command(
        "help", "显示某个命令的帮助。", "Show the help of a command.", [Options.Text("COMMAND", "命令，例如 token transfer", "a command, such as token transfer")], _ => ExitCode.Ok,
        "help token transfer");
}
