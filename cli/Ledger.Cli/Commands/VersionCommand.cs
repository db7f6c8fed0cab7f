using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Ledger.Core.Chain;
using Ledger.Suites;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger version</c>: which program this is, and which formats it reads.</summary>
static class VersionCommand
{
    public static Command Make(Shell shell) => shell.Command("version", "显示版本、提交与所读写的格式。", "Show version, commit and the formats that it reads.", [], run =>
    {
        run.Output.Record(Fields());
        return ExitCode.Ok;
    }, "version", "version -o json");

    public static Field[] Fields()
    {
        // The build writes the commit behind a plus where it knows it.
        var parts = (typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+', 2);
        return
        [
            new("version", "版本", "version", parts[0]),
            new("commit", "提交", "commit", parts is [_, var commit] ? commit : null),
            new("runtime", "运行环境", "runtime", RuntimeInformation.FrameworkDescription),
            new("suites", "算法", "suites", $"{KnownSuites.P256.Name}, {KnownSuites.Sm2.Name}"),
            new("transactions", "交易格式", "transactions", "JWS, typ ledger-tx"),
            new("chain", "链格式", "chain", $"segment {SegmentOpener.FormatVersion}, header {Header.Version}"),
            new("receipts", "回执格式", "receipts", "c2sp.org/tlog-proof@v1"),
        ];
    }
}
