using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Members;

public class FileAccountTests
{
    static readonly FileAccount File = new(new Hash256(6, 6));

    [Fact]
    public void A_party_files_its_account_together_with_its_bank()
    {
        using var world = new World();
        world.Refuses(Refusal.SponsorDidNotSign, A, File);
        world.Refuses(Refusal.SponsorDidNotSign, A, File, Key(Y));
        world.Accepts(A, File, Key(X));
        Assert.Equal(File.Account, world.State.Party(A)?.Account);

        world.Refuses(Refusal.SecondBankMissing, X, File, Key(A));
        world.Accepts(X, File, Key(Y));
        Assert.Equal(File.Account, world.State.Party(X)?.Account);
    }

    [Fact]
    public void A_sponsor_that_is_the_partys_agent_does_not_sign_for_both()
    {
        using var world = new World();
        world.Granted(A, X, 1, "party.account");
        world.Granted(A, Y, 1, "party.account");

        Refused(Refusal.SponsorDidNotSign, world.SubmitFor(A, X, File, Key(Y)));
        Accepted(world.SubmitFor(A, Y, File, Key(X)));
    }

    [Fact]
    public void Where_there_is_a_policy_no_one_person_moves_the_account()
    {
        using var world = new World();
        world.Accepts(A, new SetPolicy([new(Currency.Cny, new(Amount.MaxMinor), new(Amount.MaxMinor))]));
        world.Refuses(Refusal.SecondPersonMissing, A, File, Key(X));
        var second = world.GiveKey(A, KeyRole.Checker, "li.si");
        world.Accepts(A, File, Key(A), second, Key(X));
    }
}
