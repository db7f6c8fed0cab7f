using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.Rules.Members.Consortium;

namespace Ledger.Tests.Rules.Members;

public class MandateTests
{
    static readonly Timestamp Tomorrow = Start.CeilingMinute().Add(Timestamp.Day);

    static readonly Id<Mandate> Id = new(Uuid7.Of(Start, 42));

    static readonly GrantMandate Grant = new(
        Id, BankC, ["offer.accept", "token.transfer"], Currency.Cny, new Amount(5_000_000), [BankB], Tomorrow);

    [Fact]
    public void A_principal_gives_an_agent_a_mandate()
    {
        var state = Founded.After(Supplier, Grant, Key(Supplier, 1));

        Assert.Equal(
            new Mandate(Id, Supplier, BankC, Grant.Verbs, Currency.Cny, new Amount(5_000_000), [BankB], Tomorrow, Paper: default),
            Assert.Single(state.Mandates(Supplier, BankC)));
        Assert.Equal(new Deadline(Tomorrow, DeadlineKind.MandateExpires, Id.Value), state.NextDeadline);
    }

    [Fact]
    public void A_mandates_id_is_its_own()
    {
        var state = Founded.After(Supplier, Grant, Key(Supplier, 1));

        Assert.Equal(Refusal.MandateIdInUse, state.Refuses(BankA, Grant, Key(BankA, 1)));
    }

    [Fact]
    public void An_agent_is_another_registered_party()
    {
        Assert.Equal(Refusal.AgentIsPrincipal, Founded.Refuses(BankC, Grant, Key(BankC, 1)));
        Assert.Equal(Refusal.PartyNotFound, Founded.Refuses(Supplier, Grant with { Agent = Newcomer }, Key(Supplier, 1)));
    }

    [Fact]
    public void A_mandate_names_verbs_that_exist_each_once()
    {
        Assert.Equal(Refusal.VerbsNotNamed, Founded.Refuses(Supplier, Grant with { Verbs = [] }, Key(Supplier, 1)));
        Assert.Equal(Refusal.VerbsNotNamed, Founded.Refuses(Supplier, Grant with { Verbs = ["offer.accept", "offer.accept"] }, Key(Supplier, 1)));
        Assert.Equal(Refusal.VerbUnknown, Founded.Refuses(Supplier, Grant with { Verbs = ["offer.Accept"] }, Key(Supplier, 1)));
    }

    [Theory]
    [InlineData("party.register")]
    [InlineData("party.policy")]
    [InlineData("key.rotate")]
    [InlineData("key.veto")]
    [InlineData("key.revoke")]
    [InlineData("key.reportLost")]
    [InlineData("key.recover")]
    [InlineData("mandate.grant")]
    [InlineData("mandate.revoke")]
    [InlineData("governance.propose")]
    [InlineData("governance.vote")]
    [InlineData("document.attest")]
    [InlineData("document.redLetter")]
    [InlineData("token.freeze")]
    [InlineData("token.unfreeze")]
    public void Some_verbs_are_never_an_agents(string verb)
    {
        var refused = Assert.IsType<Verdict.Refused>(Founded.Judge(Supplier, Grant with { Verbs = ["offer.accept", verb] }, Key(Supplier, 1)));

        Assert.Equal(Verdict.No(Refusal.VerbNotForAgents, verb), refused);
    }

    [Theory]
    [InlineData("confirmation.request")]
    [InlineData("confirmation.confirm")]
    [InlineData("confirmation.dispute")]
    [InlineData("receivable.issue")]
    [InlineData("receivable.cancel")]
    [InlineData("offer.accept")]
    [InlineData("offer.decline")]
    [InlineData("offer.withdraw")]
    [InlineData("token.transfer")]
    [InlineData("document.pledge")]
    [InlineData("document.release")]
    public void The_others_can_be_given(string verb) =>
        Assert.NotNull(Founded.After(Supplier, Grant with { Verbs = [verb] }, Key(Supplier, 1)).Mandate(Id));

    [Fact]
    public void A_mandate_ends_on_a_whole_minute_within_the_longest_term()
    {
        var longest = new Timestamp(Start.Add(MandateMaximumDays * Timestamp.Day).UnixMilliseconds / Timestamp.Minute * Timestamp.Minute);

        Assert.Equal(Refusal.TermInvalid, RefusedUntil(Tomorrow.Add(1)));
        Assert.Equal(Refusal.TermInvalid, RefusedUntil(Start.CeilingMinute().Add(-Timestamp.Minute)));
        Assert.Equal(Refusal.TermInvalid, RefusedUntil(longest.Add(Timestamp.Minute)));
        Assert.NotNull(Founded.After(Supplier, Grant with { Expires = longest }, Key(Supplier, 1)).Mandate(Id));
        Assert.NotNull(Founded.After(Supplier, Grant with { Expires = Start.CeilingMinute() }, Key(Supplier, 1)).Mandate(Id));

        static Refusal RefusedUntil(Timestamp expires) => Founded.Refuses(Supplier, Grant with { Expires = expires }, Key(Supplier, 1));
    }

    [Fact]
    public void A_term_begins_in_the_future_even_when_now_is_a_whole_minute()
    {
        var onTheMinute = Founded.At(2, Start.CeilingMinute());

        Assert.Equal(Refusal.TermInvalid, onTheMinute.Refuses(Supplier, Grant with { Expires = onTheMinute.Now }, Key(Supplier, 1)));
    }

    [Fact]
    public void The_principal_its_sponsor_and_the_agent_revoke_a_mandate_and_nobody_else()
    {
        var granted = Founded.After(Supplier, Grant, Key(Supplier, 1));

        foreach (var party in new[] { Supplier, BankA, BankC })
        {
            var state = granted.After(party, new RevokeMandate(Id), Key(party, 1));
            Assert.Null(state.Mandate(Id));
            Assert.Empty(state.Mandates(Supplier, BankC));
            Assert.Null(state.NextDeadline);
            Assert.Equal(Refusal.MandateNotFound, state.Refuses(party, new RevokeMandate(Id), Key(party, 1)));
        }

        Assert.Equal(Refusal.NotOfTheMandate, granted.Refuses(BankB, new RevokeMandate(Id), Key(BankB, 1)));
    }

    [Fact]
    public void An_expired_mandate_is_tidied_away()
    {
        var state = new MandateExpired(Id).Enact(Founded.After(Supplier, Grant, Key(Supplier, 1)).At(2, Tomorrow));

        Assert.Null(state.Mandate(Id));
        Assert.Null(state.NextDeadline);
    }
}
