using System.Diagnostics;
using Ledger.Client.ChainFolder;

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
