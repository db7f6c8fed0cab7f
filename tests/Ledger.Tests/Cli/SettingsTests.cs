using System.Text.Json;
using Ledger.Cli;

namespace Ledger.Tests.Cli;

/// <summary>A flag goes before a variable, a variable before the project's file, that before the person's own.</summary>
public sealed class SettingsTests : IDisposable
{
    readonly CommandLine cli = new();

    public SettingsTests()
    {
        Directory.CreateDirectory(cli["home", "ledger"]);
        Directory.CreateDirectory(cli["project"]);
        cli.Variables["XDG_CONFIG_HOME"] = cli["home"];
        cli.Folder = cli["project"];
    }

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Where_nothing_is_set_the_default_is_in_force()
    {
        Assert.Equal(("http://127.0.0.1:7301/", "default"), await ShownAsync("node"));
        Assert.Equal((null, null), await ShownAsync("key"));
    }

    [Fact]
    public async Task Each_source_goes_before_the_next()
    {
        User("""{"node":"http://user:1/","lang":"zh","key":"k.json"}""");
        Assert.Equal(("http://user:1/", cli["home", "ledger", "config.json"]), await ShownAsync("node"));
        Assert.Equal((cli["home", "ledger", "k.json"], cli["home", "ledger", "config.json"]), await ShownAsync("key"));

        Project("""{"node":"http://project:1/"}""");
        Assert.Equal(("http://project:1/", cli["project", "ledger.json"]), await ShownAsync("node"));
        Assert.Equal(("zh", cli["home", "ledger", "config.json"]), await ShownAsync("lang"));

        cli.Variables["LEDGER_NODE"] = "http://variable:1/";
        Assert.Equal(("http://variable:1/", "LEDGER_NODE"), await ShownAsync("node"));
        Assert.Equal(("http://flag:1/", "flag"), await ShownAsync("node", "--node", "http://flag:1/"));
    }

    [Fact]
    public async Task The_settings_language_and_form_are_taken()
    {
        User("""{"lang":"zh","output":"json"}""");

        Assert.Equal(ExitCode.NotFound, await cli.Run("genesis", "hash", cli["absent"]));
        Assert.StartsWith("找不到", cli.Error);
        Assert.Equal(ExitCode.Ok, await cli.Run("version"));
        using var version = JsonDocument.Parse(cli.Output);
        Assert.NotEmpty(version.RootElement.GetProperty("version").GetString() ?? "");
        Assert.Equal(ExitCode.Ok, await cli.Run("version", "-o", "table", "--lang", "en"));
        Assert.StartsWith("version", cli.Output);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"password":"hunter2"}""")]
    [InlineData("""{"node":7}""")]
    [InlineData("""{"node":null}""")]
    [InlineData("""{"node":"a","node":"b"}""")]
    public async Task A_file_that_is_not_in_order_is_named_and_nothing_is_done(string json)
    {
        Project(json);

        Assert.Equal(ExitCode.Usage, await cli.Run("version"));
        Assert.Contains(cli["project", "ledger.json"], cli.Error);
        Assert.Empty(cli.Output);
    }

    [Theory]
    [InlineData("LEDGER_OUTPUT", "xml")]
    [InlineData("LEDGER_VERIFICATION", "nobody")]
    public async Task A_setting_that_means_nothing_is_a_usage_error(string variable, string value)
    {
        cli.Variables[variable] = value;

        Assert.Equal(ExitCode.Usage, await cli.Run("version"));
    }

    [Fact]
    public async Task A_pass_is_made_for_a_node_elsewhere_only_where_its_bank_is_named()
    {
        await cli.Run("key", "new", "--party", "91440300MA1000017E", "--number", "1", "--out", cli["k"], "--password-file", cli["pw"]);
        string[] read = ["party", "show", "91440300MA1000017E", "--key", cli["k"], "--password-file", cli["pw"], "--node", "https://node.invalid"];

        Assert.Equal(ExitCode.Usage, await cli.Run(read));
        Assert.Contains("LEDGER_NODE_BANK", cli.Error);
        cli.Variables["LEDGER_NODE_BANK"] = "not-a-bank";
        Assert.Equal(ExitCode.Usage, await cli.Run(read));
        cli.Variables["LEDGER_NODE_BANK"] = "91440300MA1000017E";
        Assert.Equal(ExitCode.Unreachable, await cli.Run(read));
    }

    async Task<(string? Value, string? Source)> ShownAsync(string name, params string[] more)
    {
        Assert.Equal(ExitCode.Ok, await cli.Run(["config", "show", "-o", "json", .. more]));
        using var shown = JsonDocument.Parse(cli.Output);
        var row = shown.RootElement.EnumerateArray().Single(one => one.GetProperty("setting").GetString() == name);
        return (row.GetProperty("value").GetString(), row.GetProperty("source").GetString());
    }

    void User(string json) => File.WriteAllText(cli["home", "ledger", "config.json"], json);

    void Project(string json) => File.WriteAllText(cli["project", "ledger.json"], json);
}
