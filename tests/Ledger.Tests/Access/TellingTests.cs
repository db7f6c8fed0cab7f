using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Access;
using static Ledger.Tests.World;

namespace Ledger.Tests.Access;

/// <summary>While the views cannot say who may see what, an answer that is due is given, and tells no more than it must.</summary>
public sealed class TellingTests : IAsyncLifetime
{
    readonly AccessStory story = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    World World => story.World;

    PartyId Rival => story.Outsiders[Roles.Bank];

    public async ValueTask InitializeAsync()
    {
        await story.InitializeAsync();
        World.Node.Loop.Reader.Views.Dispose();
    }

    public ValueTask DisposeAsync() => story.DisposeAsync();

    [Fact]
    public async Task What_was_refused_is_known_to_be_refused_and_why_is_kept()
    {
        foreach (var party in new[] { B, Rival })
        {
            var answer = await story.Anonymous.SubmitAsync(World.Sign(World.Draft(party, World.Trade(story.Note, party, D, 1, 400))), wait: true, Cancel);
            Assert.Equal((422, Refusal.ReasonNotShown), (answer.HttpStatus, answer.Code));
        }
    }

    [Fact]
    public async Task What_was_done_is_known_to_be_done_and_whom_it_alarms_is_kept()
    {
        var done = await World.Node.Loop.SubmitAsync(World.Sign(World.Draft(X, World.RedLetter(story.Invoice, 1))), Cancel);
        Assert.Contains(done.Events, happened => happened is DocumentOverused);

        var told = Discretion.TellUnseen(done).Answer;
        Assert.True(told.IsAccepted);
        Assert.Equal(done.Events.Where(happened => happened is not DocumentOverused), told.Events);
    }

    [Fact]
    public async Task A_dry_run_is_to_be_asked_again()
    {
        var answer = await story.Anonymous.DryRunAsync(World.Sign(World.Draft(B, World.Trade(story.Note, B, D, 1, 400))), Cancel);

        Assert.Equal((503, Refusal.ViewsNotReady), (answer.HttpStatus, answer.Code));
    }
}
