using Ledger.Cli;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Tests.Access;
using static Ledger.Tests.World;

namespace Ledger.Tests.Cli;

/// <summary>Reading commands against a node that lets nobody read without a pass.</summary>
public sealed class NamedReaderTests : IClassFixture<AccessStory>, IDisposable
{
    readonly CommandLine cli = new();
    readonly AccessStory story;

    public NamedReaderTests(AccessStory story)
    {
        this.story = story;
        cli.Variables["LEDGER_NODE"] = story.Http.BaseAddress?.ToString() ?? "";
        foreach (var party in (PartyId[])[A, B])
            File.WriteAllBytes(cli[$"{party}.key.json"], KeyFile.Lock(story.World.Signer(new(party, 1)), $"{party}#1", "correct horse", KeyFile.MinIterations).ToJson());
    }

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_key_reads_what_is_its_partys_and_nothing_is_read_without_one()
    {
        Assert.Equal(ExitCode.NotAllowed, await cli.Run("token", "list", "--holder", B.Text));

        Assert.Equal(ExitCode.Ok, await cli.Run("token", "list", "--holder", B.Text, "--key", cli[$"{B}.key.json"], "--password-file", cli["pw"], "-o", "json"));
        Assert.Contains(story.Note.ToString(), cli.Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.NotFound, await cli.Run("financing", "show", story.Financing.ToString(), "--key", cli[$"{B}.key.json"], "--password-file", cli["pw"]));
    }

    [Fact]
    public async Task A_pass_goes_to_another_machine_over_https_only() =>
        Assert.Equal(
            ExitCode.Usage,
            await cli.Run("token", "list", "--holder", B.Text, "--node", "http://ledger.example/", "--key", cli[$"{B}.key.json"], "--password-file", cli["pw"]));
}
