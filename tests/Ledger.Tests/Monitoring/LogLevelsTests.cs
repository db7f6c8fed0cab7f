using Ledger.Node.Monitoring;
using Microsoft.Extensions.Logging;

namespace Ledger.Tests.Monitoring;

public sealed class LogLevelsTests
{
    [Theory]
    [InlineData("information", "Ledger.Node.Http", LogLevel.Debug, false)]
    [InlineData("information", "Ledger.Node.Http", LogLevel.Information, true)]
    [InlineData("information:Ledger.Node.Http=debug", "Ledger.Node.Http", LogLevel.Debug, true)]
    [InlineData("information:Ledger.Node.Http=debug", "Ledger.Node.Storage", LogLevel.Debug, false)]
    [InlineData("information:Ledger=error:Ledger.Node=trace", "Ledger.Node.Http", LogLevel.Trace, true)]
    [InlineData("information:Ledger.Node=trace:Ledger=error", "Ledger.Node.Http", LogLevel.Trace, true)]
    [InlineData("none", "Ledger.Node", LogLevel.Critical, false)]
    [InlineData("WARNING", null, LogLevel.Warning, true)]
    public void The_longest_category_that_fits_decides(string spec, string? category, LogLevel level, bool isLogged) =>
        Assert.Equal(isLogged, LogLevels.Parse(spec)?.Allows(category, level));

    [Theory]
    [InlineData("")]
    [InlineData("loud")]
    [InlineData("2")]
    [InlineData("debug:info")]
    [InlineData("debug:")]
    [InlineData("debug:=warning")]
    [InlineData("debug:Http=")]
    [InlineData("Http=debug")]
    public void What_is_no_level_changes_nothing(string spec)
    {
        var levels = LogLevels.Parse("warning") ?? throw new InvalidOperationException();

        Assert.Null(LogLevels.Parse(spec));
        Assert.False(levels.TrySet(spec));
        Assert.Equal("warning", levels.Text);
    }
}
