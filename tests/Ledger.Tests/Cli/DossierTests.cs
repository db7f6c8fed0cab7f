using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Ledger.Cli;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Tests.Strangers;
using static Ledger.Tests.World;

namespace Ledger.Tests.Cli;

/// <summary>A dossier is checked by the commands that its own README shows, with OpenSSL, sha256sum and Python's standard library, and with nothing of ours.</summary>
public sealed partial class DossierTests : IDisposable
{
    const ulong Face = 100_000_000;

    readonly CommandLine cli = new();
    readonly World world = new World(Stage.Es256OverHttp, "2026-04-01 09:00:00").Lends();
    readonly Id<Instrument> instrument;

    public DossierTests()
    {
        instrument = world.Certificate(A, Face);
        var trade = world.Trade(instrument, A, B, 1, Face / 2);
        world.Accepts(A, trade);
        world.Accepts(B, new AcceptOffer(trade.Offer));
        File.WriteAllBytes(cli["genesis.json"], world.Genesis.Bytes.ToArray());
    }

    public void Dispose()
    {
        cli.Dispose();
        world.Dispose();
    }

    [Fact]
    public async Task The_dossier_of_an_instrument_is_checked_by_the_commands_of_its_README_and_refused_with_an_octet_changed()
    {
        Assert.Equal(ExitCode.Ok, await ExportAsync("instrument", instrument.ToString(), "one.zip"));
        Unpack("one.zip", "good");
        Assert.Equal("", Fault(cli["good"]));
        Assert.Equal(4, Directory.GetFiles(cli["good", "entries"]).Length);

        var altered = Directory.GetFiles(cli["good"], "*", SearchOption.AllDirectories).Where(static path => !path.EndsWith(".html", StringComparison.Ordinal) && !path.EndsWith(".vkey", StringComparison.Ordinal) && Path.GetFileName(path) is not ("check.py" or "README.txt"));
        foreach (var path in altered)
        {
            var octets = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            foreach (var place in new[] { octets.Length / 3, octets.Length / 2, octets.Length - 9 })
            {
                var changed = (byte[])octets.Clone();
                changed[place] ^= 1;
                await File.WriteAllBytesAsync(path, changed, TestContext.Current.CancellationToken);
                Assert.NotEqual((path, place, ""), (path, place, Fault(cli["good"])));
            }

            await File.WriteAllBytesAsync(path, octets, TestContext.Current.CancellationToken);
        }

        Assert.Equal("", Fault(cli["good"]));

        // A way that leads elsewhere, under the same checkpoint.
        var receipt = Directory.GetFiles(cli["good", "receipts"])[0];
        Assert.True(TlogProof.TryParse(await File.ReadAllBytesAsync(receipt, TestContext.Current.CancellationToken), out var proof));
        await File.WriteAllBytesAsync(receipt, (proof with { Hashes = [proof.Hashes[^1], .. proof.Hashes.Skip(1)] }).Write(), TestContext.Current.CancellationToken);
        Assert.Contains("leads to the root", Fault(cli["good"]), StringComparison.Ordinal);
        File.Delete(receipt);
        Assert.NotEqual("", Fault(cli["good"]));
    }

    [Fact]
    public async Task It_is_the_same_file_each_time_and_never_written_over_another()
    {
        Assert.Equal(ExitCode.Ok, await ExportAsync("instrument", instrument.ToString(), "one.zip"));
        Assert.Equal(ExitCode.Ok, await ExportAsync("instrument", instrument.ToString(), "two.zip"));
        Assert.Equal(await File.ReadAllBytesAsync(cli["one.zip"], TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(cli["two.zip"], TestContext.Current.CancellationToken));
        Assert.NotEqual(ExitCode.Ok, await ExportAsync("instrument", instrument.ToString(), "two.zip"));
    }

    [Fact]
    public async Task The_page_says_in_both_languages_what_was_done_and_what_is_not_proved_and_needs_no_script()
    {
        Assert.Equal(ExitCode.Ok, await ExportAsync("instrument", instrument.ToString(), "one.zip"));
        Unpack("one.zip", "read");
        var page = await File.ReadAllTextAsync(cli["read", "index.html"], TestContext.Current.CancellationToken);
        Assert.All(new[] { instrument.ToString(), world.Genesis.Origin, "未证明 Not proved", B.Text, "高度", "height" }, word => Assert.Contains(word, page, StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("(?:src|href)=\"(?:https?:)?//", page);
    }

    [Fact]
    public async Task The_dossier_of_a_financing_has_what_names_it_and_that_of_an_attempt_the_attempt()
    {
        var apply = world.Applying(instrument, FinancingForm.NonRecourseFactoring, (Face / 2) + 1, Face);
        world.Accepts(A, apply);
        var again = world.Refuses(Refusal.UnitsReserved, A, world.Applying(instrument, FinancingForm.NonRecourseFactoring, (Face / 2) + 1, Face));

        Assert.Equal(ExitCode.Ok, await ExportAsync("financing", apply.Financing.ToString(), "financing.zip"));
        Unpack("financing.zip", "financing");
        Assert.Equal("", Fault(cli["financing"]));
        Assert.Single(Directory.GetFiles(cli["financing", "entries"]));

        Assert.Equal(ExitCode.Ok, await ExportAsync("entry", $"{again.Leaf}", "attempt.zip"));
        Unpack("attempt.zip", "attempt");
        Assert.Equal("", Fault(cli["attempt"]));
        Assert.Contains($"refused with {(int)again.Code}", Sh(cli["attempt"], "python3 -B check.py").Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_cose_each_entry_has_a_receipt_that_is_each_banks_own_word()
    {
        Assert.Equal(ExitCode.Ok, await ExportAsync("instrument", instrument.ToString(), "cose.zip", "--cose"));
        Unpack("cose.zip", "cose");
        Assert.Equal("", Fault(cli["cose"]));
        var receipts = Directory.GetFiles(cli["cose", "receipts"], "*.cose");
        Assert.Equal(4, receipts.Length);
        foreach (var receipt in receipts) Assert.Equal(ExitCode.Ok, await cli.Run("verify", "receipt", receipt, "--genesis", cli["genesis.json"]));
    }

    [Fact]
    public async Task What_does_not_verify_is_not_written_and_what_is_not_there_is_not_found()
    {
        await File.WriteAllTextAsync(cli["policy.txt"], $"log {new Ledger.Tests.Chain.Signer(world.Genesis.Origin).VKey}\nquorum none\n", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("export", "dossier", "instrument", instrument.ToString(), "--policy", cli["policy.txt"], "--out", cli["no.zip"], "--node", world.Address.ToString()));
        Assert.Equal(ExitCode.Ok, await ExportAsync("instrument", instrument.ToString(), "one.zip"));
        Unpack("one.zip", "one");
        var leaf = Path.GetFileNameWithoutExtension(Directory.GetFiles(cli["one", "entries"])[0]);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run("export", "dossier", "entry", leaf, "--policy", cli["policy.txt"], "--out", cli["no.zip"], "--node", world.Address.ToString()));
        Assert.Equal(ExitCode.NotFound, await ExportAsync("entry", "999999", "no.zip"));
        Assert.Equal(ExitCode.NotFound, await ExportAsync("instrument", world.New<Instrument>().ToString(), "no.zip"));
        Assert.Equal(ExitCode.Usage, await ExportAsync("party", A.Text, "no.zip"));
        Assert.Equal(ExitCode.CouldNotCheck, await cli.Run("export", "dossier", "instrument", instrument.ToString(), "--out", cli["no.zip"], "--node", world.Address.ToString()));
        Assert.False(File.Exists(cli["no.zip"]));
    }

    Task<int> ExportAsync(string kind, string id, string file, params string[] more) =>
        cli.Run(["export", "dossier", kind, id, "--genesis", cli["genesis.json"], "--out", cli[file], "--node", world.Address.ToString(), .. more]);

    void Unpack(string file, string folder) => ZipFile.ExtractToDirectory(cli[file], cli[folder]);

    // What the commands of the README find wrong; empty where all of them say yes.
    internal static string Fault(string folder)
    {
        var commands = Commands().Matches(File.ReadAllText(Path.Combine(folder, "README.txt"))).Select(static match => match.Value.Trim()).ToArray();
        Assert.Equal(4, commands.Length);

        var (banks, witnesses) = (Sh(folder, commands[0]), Sh(folder, commands[1]));
        if (banks.Code != 0 || Occurs("Verified OK", banks.Said) != Count(folder, "*.der")) return banks.Said;
        if (witnesses.Code != 0 || Occurs("Signature Verified Successfully", witnesses.Said) != Count(folder, "*.signature")) return witnesses.Said;
        var genesis = Sh(folder, commands[2]);
        if (!genesis.Said.Contains($"/{genesis.Said[..16]}", StringComparison.Ordinal)) return genesis.Said;
        return Sh(folder, commands[3]) is { Code: not 0 } checks ? checks.Said : "";
    }

    static (int Code, string Said) Sh(string folder, string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        if (process.ExitCode == 127) Python.Absent(said);
        return (process.ExitCode, said);
    }

    static int Count(string folder, string files) => Directory.GetFiles(Path.Combine(folder, "checkpoints"), files, SearchOption.AllDirectories).Length;

    static int Occurs(string word, string text) => text.Split(word).Length - 1;

    [GeneratedRegex("^ {3}(?:for s in|sha256sum|python3) .*$", RegexOptions.Multiline)]
    private static partial Regex Commands();
}
