using System.Text.Json;

namespace Ledger.Cli;

/// <summary>Something that a person sets once: its name in a file, and the variable that says it for one shell.</summary>
public sealed record Setting(string Name, string Variable, string Chinese, string English)
{
    public static readonly Setting Node = new("node", "LEDGER_NODE", "节点地址", "a node's address");
    public static readonly Setting ChainId = new("chainId", "LEDGER_CHAIN_ID", "链标识", "the chain's id");
    public static readonly Setting NodeBank = new("nodeBank", "LEDGER_NODE_BANK", "节点所属银行；读取不在本机的节点时需要", "the bank whose node it is; needed to read from a node that is elsewhere");
    public static readonly Setting Key = new("key", "LEDGER_KEY", "密钥文件", "the key file");
    public static readonly Setting PasswordFile = new("passwordFile", "LEDGER_PASSWORD_FILE", "密码文件", "the password's file");
    public static readonly Setting Lang = new("lang", "LEDGER_LANG", "语言", "the language");
    public static readonly Setting Output = new("output", "LEDGER_OUTPUT", "输出格式", "the form of output");
    public static readonly Setting Verification = new("verification", "LEDGER_VERIFICATION", "验签方式：own 或 platform", "who verifies signatures: own or platform");

    public static readonly IReadOnlyList<Setting> All = [Node, ChainId, NodeBank, Key, PasswordFile, Lang, Output, Verification];

    /// <summary>Paths in a file are meant from where the file lies.</summary>
    public bool IsPath => this == Key || this == PasswordFile;
}

/// <summary>
/// What a person set, and where: a flag goes before the variable, the variable before <c>ledger.json</c> in the current folder, that before
/// <c>ledger/config.json</c> in the XDG folder. None of it is a secret: passwords are named by their file.
/// </summary>
public sealed class Settings
{
    public const string ProjectFile = "ledger.json";

    readonly Terminal terminal;
    readonly List<(string Path, Dictionary<string, string> Values)> files = [];

    Settings(Terminal terminal) => this.terminal = terminal;

    /// <summary>Reads the files that are there. <see cref="Problem"/> names the first that is not in order; it then counts for nothing.</summary>
    public static Settings Read(Terminal terminal)
    {
        var settings = new Settings(terminal);
        if (terminal.Folder is { } folder) settings.Add(Path.Combine(folder, ProjectFile));
        if (settings.UserFile is { } user) settings.Add(user);
        return settings;
    }

    public StopException? Problem { get; private set; }

    /// <summary>Where the person's own settings lie, or would; null where there is no home.</summary>
    public string? UserFile =>
        terminal.Variable("XDG_CONFIG_HOME") is { Length: > 0 } xdg ? Path.Combine(xdg, "ledger", "config.json")
        : terminal.Variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".config", "ledger", "config.json")
        : terminal.Variable("APPDATA") is { Length: > 0 } windows ? Path.Combine(windows, "ledger", "config.json")
        : null;

    public string? Of(Setting setting, string? flag = null) => Find(setting, flag).Value;

    /// <summary>The value in force and where it comes from: a flag's name, a variable's, or a file's path; nothing where nobody set it.</summary>
    public (string? Value, string? Source) Find(Setting setting, string? flag = null)
    {
        if (flag is not null) return (flag, "flag");
        if (terminal.Variable(setting.Variable) is { Length: > 0 } variable) return (variable, setting.Variable);
        foreach (var (path, values) in files)
        {
            if (values.TryGetValue(setting.Name, out var value)) return (setting.IsPath ? Path.Combine(Path.GetDirectoryName(path) ?? "", value) : value, path);
        }

        return (null, null);
    }

    void Add(string path)
    {
        if (!File.Exists(path)) return;
        var problem = StopException.Usage(
            $"设置文件 {path} 有误：应为一个 JSON 对象，成员只能是 {string.Join("、", Setting.All.Select(one => one.Name))}，值为文本。",
            $"The settings in {path} are not in order: one JSON object with texts, of the members {string.Join(", ", Setting.All.Select(one => one.Name))}.");
        try
        {
            var values = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path), JsonSerializerOptions.Strict);
            if (values is not null && values.All(one => one.Value is not null && Setting.All.Any(known => known.Name == one.Key))) files.Add((path, values));
            else Problem ??= problem;
        }
        catch (JsonException)
        {
            Problem ??= problem;
        }
    }
}
