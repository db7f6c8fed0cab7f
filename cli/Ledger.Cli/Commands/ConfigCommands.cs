using System.CommandLine;
using System.Text.Json.Nodes;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger config</c>: what is set, and where. A flag goes before a variable, that before the project's file, that before the person's own.</summary>
static class ConfigCommands
{
    public static Command Make(Shell shell) => Shell.Noun("config", "设置：取值与来源。", "Settings: their values and where they come from.", Show(shell));

    static Command Show(Shell shell)
    {
        var node = Node.Option();
        return shell.Command(
            "show", "显示各项设置的取值与来源（标志 > 环境变量 > 当前目录 ledger.json > 用户设置）。",
            "Show the settings in force and where each comes from (flag > variable > ledger.json here > the person's own file).", [node], run =>
            {
                run.Output.Table(
                    [new("setting", "设置", "setting", null), new("value", "取值", "value", null), new("source", "来源", "source", null), new("variable", "环境变量", "variable", null), new("meaning", "含义", "meaning", null)],
                    Setting.All.Select(setting => Row(run, setting, setting == Setting.Node ? run.Value(node) : null)));
                run.Output.Message($"用户设置文件：{run.Settings.UserFile ?? "-"}", $"The person's own file: {run.Settings.UserFile ?? "-"}");
                return ExitCode.Ok;
            }, "config show", "config show --node http://127.0.0.1:7302 -o json");
    }

    internal static IReadOnlyList<JsonNode?> Row(Run run, Setting setting, string? flag)
    {
        var (value, source) = run.Setting(setting, flag);
        var (usual, how) = setting switch
        {
            _ when setting == Setting.Node => (Node.Default, "default"),
            _ when setting == Setting.Lang => (run.Output.Say("zh", "en"), string.Join(", ", GlobalOptions.LocaleVariables)),
            _ when setting == Setting.Output => ("table", "default"),
            _ => ((string?)null, (string?)null),
        };
        return [setting.Name, value ?? usual, source ?? how, setting.Variable, run.Output.Say(setting.Chinese, setting.English)];
    }
}
