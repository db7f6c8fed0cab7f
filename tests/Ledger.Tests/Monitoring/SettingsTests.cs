using System.Text;
using Ledger.Node;

namespace Ledger.Tests.Monitoring;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("1", "2", "3", "1", SettingSource.CommandLine)]
    [InlineData(null, "2", "3", "2", SettingSource.Environment)]
    [InlineData(null, "", "3", "3", SettingSource.File)]
    [InlineData(null, null, "3", "3", SettingSource.File)]
    [InlineData(null, null, null, "7301", SettingSource.Default)]
    public void Command_line_comes_before_environment_before_file_before_default(string? line, string? variable, string? file, string value, SettingSource source)
    {
        var settings = NodeSettings.Resolve(
            setting => setting == NodeSettings.Port ? line : null,
            name => name == "LEDGER_NODE_PORT" ? variable : null,
            file is null ? null : Encoding.UTF8.GetBytes($"{{\"port\": {file}}}"), out _);

        var port = settings?.Effective.Single(one => one.Setting == NodeSettings.Port);
        Assert.Equal((value, source), (port?.Value, port?.Source));
    }

    [Theory]
    [InlineData("""{"prot": 1}""", "prot")]
    [InlineData("""{"port": 1, "port": 2}""", "JSON")]
    [InlineData("""{"port": 65536}""", "port")]
    [InlineData("""{"port": "-1"}""", "port")]
    [InlineData("""{"port": null}""", "port")]
    [InlineData("""{"log-format": "xml"}""", "log-format")]
    [InlineData("""{"log-level": "loud"}""", "log-level")]
    [InlineData("""{"segment-mib": 0}""", "segment-mib")]
    [InlineData("""["port"]""", "JSON")]
    [InlineData("{", "JSON")]
    public void A_file_that_is_not_in_order_is_refused_and_told(string file, string told)
    {
        Assert.Null(NodeSettings.Resolve(_ => null, _ => null, Encoding.UTF8.GetBytes(file), out var problem));
        Assert.Contains(told, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_has_a_name_and_words_of_its_own_and_a_default_that_it_allows()
    {
        Assert.Equal(NodeSettings.All.Count, NodeSettings.All.Select(setting => setting.Variable).Distinct().Count());
        Assert.All(NodeSettings.All, setting => Assert.True(setting.Default is not { } usual || setting.IsValid(usual), setting.Name));
        Assert.All(NodeSettings.All, setting => Assert.NotEqual(setting.Chinese, setting.English));
    }

    [Fact]
    public void The_operators_manual_names_every_setting()
    {
        var manual = File.ReadAllText(Path.Combine(Repository.Root(), "ledger-node/docs/OPERATIONS.md"));

        Assert.All(NodeSettings.All, setting => Assert.Contains($"`{setting.Name}`", manual, StringComparison.Ordinal));
    }
}
