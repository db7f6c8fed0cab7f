using System.Diagnostics;
using Ledger.Client.ChainFolder;
using Ledger.Client.Devnet;
using Ledger.Core.Chain;
using Ledger.Tests.Cli;
using Ledger.Tests.Strangers;

namespace Ledger.Tests.Demo;

/// <summary>The main job as a newcomer runs it: the program itself, in a process of its own.</summary>
public sealed class DemoTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-demo-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("ES256", "zh", false, "演示完成，全部步骤符合预期", "人民币壹佰万元整")]
    [InlineData("ES256", "en", false, "The story came out as told", "refused 5004")]
    [InlineData("SM2", "zh", false, "演示完成，全部步骤符合预期", "拒绝 5010")]
    [InlineData("ES256", "zh", true, "演示完成，全部步骤符合预期", "拒绝 3511")]
    [InlineData("SM2", "en", true, "The story came out as told", "recourse, TF0402")]
    public async Task The_story_comes_out_as_told_and_its_chain_verifies(string suite, string language, bool bill, string ending, string told)
    {
        var data = Path.Combine(folder, "data");
        string[] of = bill ? ["--bill"] : [];
        var (code, output) = await RunAsync(["demo", "--data", data, "--suite", suite, "--lang", language, "--exit", "--port", "0", .. of]);

        Assert.Equal(0, code);
        Assert.Contains(ending, output, StringComparison.Ordinal);
        Assert.Contains(told, output, StringComparison.Ordinal);
        Assert.IsType<ChainVerdict.Verified>(Client.ChainFolder.ChainFolder.Open(data).Verify(null, progress: null));
        Assert.True(File.Exists(Path.Combine(data, "receipt.tlog-proof")));
    }

    [Fact]
    public async Task Over_four_banks_a_promise_counts_once_and_a_bank_that_lies_is_left_out()
    {
        if (LocalProcess.Find("etcd", Environment.GetEnvironmentVariable("PATH")) is null) Python.Absent("etcd is not on this machine (Debian's etcd-server).");
        var data = Path.Combine(folder, "data");
        var (code, output) = await RunAsync("demo", "--nodes", "4", "--data", data, "--lang", "en", "--exit", "--port", "0");

        Assert.True(code == 0, output);
        Assert.Contains("The story came out as told", output, StringComparison.Ordinal);
        Assert.Contains("the other is refused 5002", output, StringComparison.Ordinal);
        Assert.Contains("the same at 3 banks", output, StringComparison.Ordinal);
        var network = DevnetFile.Read(data);
        Assert.NotNull(network);
        Assert.DoesNotContain(network.Banks, bank => bank.Process is { IsThere: true });
        Assert.DoesNotContain(network.Etcd, member => member.Process is { IsThere: true });

        using var cli = new CommandLine();
        var proofs = network.Banks.SkipLast(1).Select(bank => Directory.EnumerateFiles(Path.Combine(bank.Data, FolderLayout.Evidence)).Single()).ToArray();
        Assert.Equal(3, proofs.Length);
        foreach (var proof in proofs) Assert.Equal(Ledger.Cli.ExitCode.Ok, await cli.Run("verify", "evidence", proof, "--genesis", Path.Combine(data, FolderLayout.Genesis)));
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_a_mistake_of_usage_and_stays_as_it_is()
    {
        File.WriteAllText(Path.Combine(folder, "mine"), "precious");

        Assert.Equal(2, (await RunAsync("demo", "--data", folder, "--exit")).Code);
        Assert.Equal(["mine"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Without_a_usable_invoice_there_is_no_story()
    {
        File.WriteAllText(Path.Combine(folder, "not-an-invoice.xml"), "<a/>");
        File.WriteAllText(Path.Combine(folder, "bomb.xml"), "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>");

        var (code, output) = await RunAsync("demo", "--invoices", folder, "--lang", "en", "--exit");

        Assert.Equal(2, code);
        Assert.Contains("not usable: bomb.xml", output, StringComparison.Ordinal);
        Assert.Contains("not usable: not-an-invoice.xml", output, StringComparison.Ordinal);
        Assert.Contains("There is no usable invoice.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo", "--suite", "RSA")]
    [InlineData("run", "--data", "somewhere")]
    [InlineData("demo", "--nodes", "3")]
    [InlineData("demo", "--nodes", "4", "--bill")]
    [InlineData("fly")]
    public async Task A_wrong_word_on_the_command_line_is_2(params string[] arguments) => Assert.Equal(2, (await RunAsync(arguments)).Code);

    [Fact]
    public async Task Another_address_than_loopback_is_refused()
    {
        var (code, output) = await RunAsync("demo", "--data", Path.Combine(folder, "data"), "--host", "0.0.0.0", "--exit");

        Assert.Equal(2, code);
        Assert.Contains("30026", output, StringComparison.Ordinal);
    }

    static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ledger.Node.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        process.StandardInput.Close();
        var cancel = TestContext.Current.CancellationToken;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, string.Concat(said));
    }
}
