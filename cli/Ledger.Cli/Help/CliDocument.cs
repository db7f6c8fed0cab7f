using System.CommandLine;
using System.Text;
using Ledger.Client.Text;

namespace Ledger.Cli.Help;

/// <summary>docs/CLI.md: every command in both languages, made from the commands themselves.</summary>
static class CliDocument
{
    public static string Write(Command root)
    {
        var page = new StringBuilder(
            """
            # The command line

            Made from the commands by `ledger docs cli`; a test keeps it in step. 本文由命令自动生成。

            `ledger help COMMAND` (or `-h`) shows the same for one command, with `--lang zh` in Chinese. Results go to standard output, everything else to
            standard error. Amounts are typed as people write them (`300000.00`, with `--currency` where it is not CNY). An id is 22 characters of base64url;
            those of new things are made when they are left out. Where a hash of a paper is wanted, the file itself may be named. `-` is standard input or output.

            结果写到标准输出，其他信息写到标准错误。金额按日常写法键入；新编号省略时自动生成；需要文书哈希之处可直接给出文件。

            ## Acting on the ledger 在账本上操作

            Every kind of operation has its command. All take the signers' keys (`--key`, further parties' with `--co-sign`), `--on-behalf-of` for an agent,
            `--dry-run` to only ask, and `--out FILE` to send nothing: then the file holds the signed transaction, or, with `--as PARTY` and no key, the payload
            that `ledger tx sign` takes. `--genesis FILE` with `--out` needs no node. What rivals must not read is typed as `--hide TERM=VALUE`: its digest goes on
            the ledger, the disclosure into the folder of `--disclosures-out`, from which `ledger disclose` hands it on. Passwords come from a file or a
            person, never from a flag or a variable.

            ## Settings 设置

            A flag goes before a variable, a variable before `ledger.json` in the current folder, and that before `ledger/config.json` in the XDG folder
            (`~/.config`). `ledger config show` says what is in force and why. The files hold one JSON object of texts; paths are meant from where the file lies.
            Nothing in them is a secret. Act in no folder whose `ledger.json` you do not know: it can name another node, chain or key.


            """);
        page.Append("| setting 设置 | variable 环境变量 | |\n|---|---|---|\n");
        foreach (var setting in Setting.All) page.Append($"| `{setting.Name}` | `{setting.Variable}` | {setting.English} {setting.Chinese} |\n");
        page.Append("\n## Exit codes 退出码\n\n| | | |\n|---:|---|---|\n");
        foreach (var (code, chinese, english) in ExitCodes.All) page.Append($"| {code} | {english} | {chinese} |\n");
        page.Append("\n## Options of every command 共有选项\n\n");
        WriteOptions(page, HelpPage.Shared(root));
        page.Append("\n## Acting commands' options 操作命令共有的选项\n\n");
        var acting = All(root).Where(command => Submission.KindOf(command) is not null).ToArray();
        var common = acting[0].Options.Select(option => option.Name).Where(name => acting.All(command => command.Options.Any(option => option.Name == name))).ToHashSet();
        WriteOptions(page, acting[0].Options.Where(option => common.Contains(option.Name)));
        page.Append("\n## Reading commands' options 读取命令共有的选项\n\n");
        var reading = new Reading().All.OfType<Option>().ToArray();
        WriteOptions(page, reading);
        foreach (var command in HelpPage.Visible(root)) WriteCommand(page, command, common, [.. reading.Select(option => option.Name)], depth: 2);
        return page.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>A command and everything below it.</summary>
    public static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    static void WriteCommand(StringBuilder page, Command command, HashSet<string> acting, HashSet<string> reading, int depth)
    {
        page.Append($"\n{new string('#', depth)} {HelpPage.PathOf(command)}\n\n");
        page.Append($"{HelpWords.Of(command, Language.English)} {HelpWords.Of(command, Language.Chinese)}\n");
        if (!HelpPage.Visible(command).Any())
        {
            page.Append($"\n    {HelpPage.Usage(command, Language.English)}\n");
            foreach (var example in Examples.Of(command)) page.Append($"    ledger {example}\n");
            page.Append('\n');
            foreach (var argument in command.Arguments)
                page.Append($"- `{HelpPage.NameOf(argument)}` {HelpWords.Of(argument, Language.English)} · {HelpWords.Of(argument, Language.Chinese)}\n");
            var kind = Submission.KindOf(command);
            var isReading = kind is null && command.Options.Count(option => reading.Contains(option.Name)) >= reading.Count - 1;
            var told = kind is not null ? acting : isReading ? reading : [];
            WriteOptions(page, command.Options.Where(option => !told.Contains(option.Name)));
            if (kind is not null) page.Append($"- makes `{kind}`\n");
        }

        foreach (var inner in HelpPage.Visible(command)) WriteCommand(page, inner, acting, reading, depth + 1);
    }

    static void WriteOptions(StringBuilder page, IEnumerable<Option> options)
    {
        foreach (var option in options.Where(option => !option.Hidden))
        {
            var (names, english) = HelpPage.Row(option, Language.English);
            page.Append($"- `{names}` {english} · {HelpWords.Of(option, Language.Chinese)}\n");
        }
    }
}
