using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.Rules.Members.Consortium;

namespace Ledger.Tests.Rules.Members;

public class KeyTests
{
    const long Delay = RotationDelayHours * Timestamp.Hour;

    static readonly Timestamp InForce = Start.Add(Delay).CeilingMinute();

    [Fact]
    public void A_rotation_waits_and_then_the_new_key_follows_the_old_without_a_gap()
    {
        var next = Fresh();
        var state = Founded.After(Supplier, new RotateKey(Supplier, 1, next), Key(Supplier, 1));

        Assert.Equal(4u, state.PartyOf(Supplier).LastKey);
        Assert.Equal(
            new PartyKey(new(Supplier, 4), next.PublicKey, KeyUse.Signing, KeyRole.Maker, "zhang.san", InForce, PartyKey.Forever, Replaces: 1),
            state.KeyOf(Supplier, 4));
        Assert.True(state.IsValid(Supplier, 1));
        var justBefore = state.Later(InForce.UnixMilliseconds - Start.UnixMilliseconds - 1);
        Assert.True(justBefore.IsValid(Supplier, 1));
        Assert.False(justBefore.IsValid(Supplier, 4));
        var after = justBefore.Later(1);
        Assert.False(after.IsValid(Supplier, 1));
        Assert.True(after.IsValid(Supplier, 4));
    }

    [Fact]
    public void A_rotation_signed_by_the_recovery_key_holds_at_once()
    {
        var state = Founded.After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1), Key(Supplier, 2));

        Assert.False(state.IsValid(Supplier, 1));
        Assert.True(state.IsValid(Supplier, 4));
    }

    [Fact]
    public void A_rotation_signed_by_the_sponsor_and_a_second_bank_holds_at_once()
    {
        var byParty = Founded.After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1), Key(BankA, 1), Key(BankB, 1));
        var bySponsor = Founded.After(BankA, new RotateKey(Supplier, 1, Fresh()), Key(BankA, 1), Key(BankB, 1));

        Assert.True(byParty.IsValid(Supplier, 4));
        Assert.True(bySponsor.IsValid(Supplier, 4));
    }

    [Fact]
    public void Two_banks_that_do_not_include_the_sponsor_hasten_nothing()
    {
        var state = Founded.After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1), Key(BankB, 1), Key(BankC, 1));

        Assert.False(state.IsValid(Supplier, 4));
    }

    [Fact]
    public void A_bank_is_not_its_own_second_bank()
    {
        // Bank A's sponsor is bank B; bank A itself is the party in question.
        var own = Founded.After(BankA, new RotateKey(BankA, 1, Fresh()), Key(BankA, 1), Key(BankB, 1));
        var second = Founded.After(BankA, new RotateKey(BankA, 1, Fresh()), Key(BankA, 1), Key(BankB, 1), Key(BankC, 1));

        Assert.False(own.IsValid(BankA, 4));
        Assert.True(second.IsValid(BankA, 4));
    }

    [Fact]
    public void A_recovery_key_that_has_ended_hastens_nothing()
    {
        var state = Founded
            .After(Supplier, new RevokeKey(2), Key(Supplier, 1))
            .After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1), Key(Supplier, 2));

        Assert.False(state.IsValid(Supplier, 4));
    }

    [Fact]
    public void Only_the_party_rotates_or_its_sponsor_with_a_second_bank()
    {
        var rotate = new RotateKey(Supplier, 1, Fresh());

        Assert.Equal(Refusal.RotationNotAuthorised, Founded.Refuses(BankA, rotate, Key(BankA, 1)));
        Assert.Equal(Refusal.RotationNotAuthorised, Founded.Refuses(BankB, rotate, Key(BankB, 1), Key(BankC, 1)));
        Assert.Equal(Refusal.RotationNotAuthorised, Founded.Refuses(BankB, rotate, Key(BankB, 1), Key(BankA, 1)));
        Assert.Equal(Refusal.PartyNotFound, Founded.Refuses(BankA, new RotateKey(Newcomer, 0, Fresh()), Key(BankA, 1)));
    }

    [Fact]
    public void A_rotation_names_a_living_key_that_is_not_already_changing()
    {
        Assert.Equal(Refusal.KeyNotFound, Founded.Refuses(Supplier, new RotateKey(Supplier, 9, Fresh()), Key(Supplier, 1)));

        var revoked = Founded.After(Supplier, new RevokeKey(3), Key(Supplier, 1));
        Assert.Equal(Refusal.KeyAlreadyEnded, revoked.Refuses(Supplier, new RotateKey(Supplier, 3, Fresh()), Key(Supplier, 1)));

        var pending = Founded.After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1));
        Assert.Equal(Refusal.RotationPending, pending.Refuses(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1)));
        Assert.Equal(Refusal.RotationPending, pending.Refuses(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1), Key(Supplier, 2)));
        Assert.Equal(Refusal.RotationPending, pending.Refuses(Supplier, new RotateKey(Supplier, 4, Fresh()), Key(Supplier, 1)));
    }

    [Fact]
    public void A_new_key_has_the_function_of_the_one_that_it_follows()
    {
        foreach (var other in new[] { Fresh(KeyUse.Recovery), Fresh(role: KeyRole.Checker), Fresh(role: KeyRole.LegalRepresentative) })
            Assert.Equal(Refusal.KeyFunctionDiffers, Founded.Refuses(Supplier, new RotateKey(Supplier, 1, other), Key(Supplier, 1)));
    }

    [Fact]
    public void A_new_key_is_judged_like_a_first_one()
    {
        var known = Fresh() with { PublicKey = Founded.KeyOf(Supplier, 1).PublicKey };
        Assert.Equal(Refusal.PublicKeyInUse, Founded.Refuses(Supplier, new RotateKey(Supplier, 1, known), Key(Supplier, 1)));
        Assert.Equal(Refusal.PublicKeyInvalid, Founded.Refuses(Supplier, new RotateKey(Supplier, 1, Fresh() with { PublicKey = default }), Key(Supplier, 1)));
        Assert.Equal(Refusal.TextInvalid, Founded.Refuses(Supplier, new RotateKey(Supplier, 1, Fresh(person: "")), Key(Supplier, 1)));
    }

    /// <summary>A thief of a key names its successor; whoever ends the key need not know of it.</summary>
    [Fact]
    public void What_waits_to_follow_a_revoked_key_ends_with_it_and_what_waits_by_itself_does_not()
    {
        var checker = new NewKey(FreshPoint(), KeyUse.Signing, KeyRole.Checker, "li.si");
        var state = Founded
            .After(Supplier, new RotateKey(Supplier, 0, checker), Key(Supplier, 1), Key(Supplier, 2))
            .After(Supplier, new RotateKey(Supplier, 4, checker with { PublicKey = FreshPoint() }), Key(Supplier, 1))
            .After(Supplier, new RotateKey(Supplier, 0, checker with { PublicKey = FreshPoint() }), Key(Supplier, 1));
        Assert.True(state.IsValid(Supplier, 4));

        state = state.After(Supplier, new RevokeKey(4), Key(Supplier, 1)).Later(InForce.UnixMilliseconds - Start.UnixMilliseconds);

        Assert.False(state.IsValid(Supplier, 4));
        Assert.False(state.IsValid(Supplier, 5));
        Assert.True(state.IsValid(Supplier, 6));
    }

    [Fact]
    public void A_further_key_waits_too_and_ends_none()
    {
        var state = Founded
            .After(Supplier, new RotateKey(Supplier, 0, Fresh(role: KeyRole.Checker)), Key(Supplier, 1))
            .After(Supplier, new RotateKey(Supplier, 0, Fresh(KeyUse.Recovery)), Key(Supplier, 1));

        Assert.False(state.IsValid(Supplier, 4));
        var later = state.Later(Delay + Timestamp.Minute);
        Assert.All<uint>([1, 2, 3, 4, 5], number => Assert.True(later.IsValid(Supplier, number)));
    }

    [Fact]
    public void A_first_key_needs_the_sponsor_and_a_second_bank()
    {
        var keyless = WithKeylessParty();
        var rotate = new RotateKey(Keyless, 0, Fresh());

        Assert.Equal(Refusal.FirstKeyNeedsTwoBanks, keyless.Refuses(BankA, rotate, Key(BankA, 1)));
        Assert.Equal(Refusal.FirstKeyNeedsTwoBanks, keyless.Refuses(BankB, rotate, Key(BankB, 1), Key(BankC, 1)));
        Assert.Equal(Refusal.RotationNotAuthorised, keyless.Refuses(BankC, rotate, Key(BankC, 1), Key(BankA, 1)));
        Assert.Equal(Refusal.KeyNotFound, keyless.Refuses(BankA, rotate with { Replaces = 1 }, Key(BankA, 1), Key(BankC, 1)));
        Assert.Equal(Refusal.FirstKeyCannotAct, keyless.Refuses(BankA, rotate with { Key = Fresh(role: KeyRole.Checker) }, Key(BankA, 1), Key(BankC, 1)));

        // Bank B signs for it under the paper.
        Assert.Equal(Refusal.FirstKeyNeedsTwoBanks, keyless.Refuses(BankA, rotate, Key(BankA, 1), Key(BankB, 1)));
        Assert.True(keyless.After(BankA, rotate, Key(BankA, 1), Key(BankC, 1)).IsValid(Keyless, 1));
    }

    public static TheoryData<string> Vetoers => new("recovery key", "legal representative", "sponsor");

    [Theory]
    [MemberData(nameof(Vetoers))]
    public void A_waiting_key_can_be_vetoed_and_the_old_one_goes_on(string vetoer)
    {
        var signer = vetoer switch { "recovery key" => Key(Supplier, 2), "legal representative" => Key(Supplier, 3), _ => Key(BankA, 1) };
        var pending = Founded.After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1)).Later(Timestamp.Hour);

        var vetoed = pending.After(signer.Party, new VetoRotation(Supplier, 4), signer);

        Assert.Equal(Founded.KeyOf(Supplier, 1), vetoed.KeyOf(Supplier, 1));
        var later = vetoed.Later(2 * Delay);
        Assert.False(later.IsValid(Supplier, 4));
        Assert.True(later.IsValid(Supplier, 1));
        Assert.Equal(Refusal.KeyAlreadyEnded, vetoed.Refuses(signer.Party, new VetoRotation(Supplier, 4), signer));
        vetoed.After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1));
    }

    [Fact]
    public void Nobody_else_vetoes()
    {
        var pending = Founded.After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1));
        var veto = new VetoRotation(Supplier, 4);

        Assert.Equal(Refusal.VetoNotAllowed, pending.Refuses(Supplier, veto, Key(Supplier, 1)));
        Assert.Equal(Refusal.VetoNotAllowed, pending.Refuses(BankB, veto, Key(BankB, 1)));
        Assert.Equal(Refusal.VetoNotAllowed, pending.Refuses(BankA, veto, Key(BankA, 2)));
    }

    [Fact]
    public void A_legal_representative_in_waiting_does_not_veto()
    {
        var pending = Founded
            .After(Supplier, new RotateKey(Supplier, 0, Fresh(role: KeyRole.LegalRepresentative)), Key(Supplier, 1))
            .After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1));

        Assert.Equal(Refusal.VetoNotAllowed, pending.Refuses(Supplier, new VetoRotation(Supplier, 5), Key(Supplier, 1), Key(Supplier, 4)));
    }

    [Fact]
    public void A_key_in_force_cannot_be_vetoed()
    {
        var inForce = Founded.After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1))
            .Later(InForce.UnixMilliseconds - Start.UnixMilliseconds);

        Assert.Equal(Refusal.RotationInForce, inForce.Refuses(BankA, new VetoRotation(Supplier, 4), Key(BankA, 1)));
        Assert.Equal(Refusal.RotationInForce, Founded.Refuses(BankA, new VetoRotation(Supplier, 1), Key(BankA, 1)));
        Assert.Equal(Refusal.KeyNotFound, Founded.Refuses(BankA, new VetoRotation(Supplier, 4), Key(BankA, 1)));
        Assert.Equal(Refusal.PartyNotFound, Founded.Refuses(BankA, new VetoRotation(Newcomer, 1), Key(BankA, 1)));
    }

    [Fact]
    public void No_veto_and_no_recovery_brings_back_a_revoked_key()
    {
        var state = Founded.After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1)).After(Supplier, new RevokeKey(1), Key(Supplier, 3)).Later(Timestamp.Hour);
        Assert.Equal(Refusal.KeyAlreadyEnded, state.Refuses(BankA, new VetoRotation(Supplier, 4), Key(BankA, 1)));
        Assert.Equal((Start, Start), (state.KeyOf(Supplier, 1).Until, state.KeyOf(Supplier, 4).Until));

        // Whoever ends both ends both, in whatever order.
        foreach (var both in (ValueList<uint>[])[[1, 4], [4, 1]])
        {
            var lost = Founded.After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1)).After(BankA, new ReportLost(Supplier), Key(BankA, 1));
            lost = lost.After(Supplier, new Recover(Supplier, both, []), Key(Supplier, 2));
            Assert.Equal((Start, Start), (lost.KeyOf(Supplier, 1).Until, lost.KeyOf(Supplier, 4).Until));
        }
    }

    [Fact]
    public void A_revoked_key_ends_now_and_what_it_signed_before_stays()
    {
        var state = Founded.Later(Timestamp.Hour).After(Supplier, new RevokeKey(1), Key(Supplier, 3));

        Assert.False(state.IsValid(Supplier, 1));
        Assert.True(state.KeyOf(Supplier, 1).IsValidAt(Start));
        Assert.Equal(Refusal.KeyAlreadyEnded, state.Refuses(Supplier, new RevokeKey(1), Key(Supplier, 3)));
        Assert.Equal(Refusal.KeyNotFound, state.Refuses(Supplier, new RevokeKey(4), Key(Supplier, 3)));
    }

    [Fact]
    public void The_last_key_that_can_act_alone_cannot_be_revoked()
    {
        var state = Founded
            .After(Supplier, new RotateKey(Supplier, 0, Fresh(role: KeyRole.Checker)), Key(Supplier, 1), Key(Supplier, 2))
            .After(Supplier, new RevokeKey(3), Key(Supplier, 1));

        Assert.True(state.IsValid(Supplier, 4));
        Assert.Equal(Refusal.LastSigningKey, state.Refuses(Supplier, new RevokeKey(1), Key(Supplier, 1)));
    }

    [Fact]
    public void A_waiting_key_does_not_stand_in_for_the_last_one()
    {
        var state = Founded
            .After(Supplier, new RevokeKey(3), Key(Supplier, 1))
            .After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1));

        Assert.Equal(Refusal.LastSigningKey, state.Refuses(Supplier, new RevokeKey(1), Key(Supplier, 1)));
    }

    [Fact]
    public void Revoking_a_waiting_key_takes_the_rotation_back()
    {
        var state = Founded
            .After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1))
            .After(Supplier, new RevokeKey(4), Key(Supplier, 1)).Later(2 * Delay);

        Assert.True(state.IsValid(Supplier, 1));
        Assert.False(state.IsValid(Supplier, 4));
    }

    [Fact]
    public void The_sponsor_reports_keys_lost_and_the_party_stands_still()
    {
        var lost = Founded.After(BankA, new ReportLost(Supplier), Key(BankA, 1));

        Assert.Equal(Standing.KeysLost, lost.PartyOf(Supplier).Standing);
        Assert.Equal(Refusal.NotTheSponsor, Founded.Refuses(BankB, new ReportLost(Supplier), Key(BankB, 1)));
        Assert.Equal(Refusal.NotTheSponsor, Founded.Refuses(Supplier, new ReportLost(Supplier), Key(Supplier, 1)));
        Assert.Equal(Refusal.PartyNotFound, Founded.Refuses(BankA, new ReportLost(Newcomer), Key(BankA, 1)));
        Assert.Equal(Refusal.PartyNotActive, lost.Refuses(BankA, new ReportLost(Supplier), Key(BankA, 1)));
    }

    [Fact]
    public void Reporting_a_loss_is_no_way_out_of_a_suspension()
    {
        var suspended = Founded.With(Founded.PartyOf(Supplier) with { Standing = Standing.Suspended });

        Assert.Equal(Refusal.PartyNotActive, suspended.Refuses(BankA, new ReportLost(Supplier), Key(BankA, 1)));
        Assert.Equal(Refusal.KeysNotLost, suspended.Refuses(Supplier, new Recover(Supplier, [], [Fresh()]), Key(Supplier, 2)));
    }

    [Fact]
    public void Recovery_gives_new_keys_at_once_and_ends_the_named_ones()
    {
        var recover = new Recover(Supplier, [1, 3], [Fresh(), Fresh(KeyUse.Recovery)]);
        var lost = Founded.After(BankA, new ReportLost(Supplier), Key(BankA, 1)).Later(Timestamp.Hour);

        foreach (var state in new[] { lost.After(Supplier, recover, Key(Supplier, 2)), lost.After(BankA, recover, Key(BankA, 1), Key(BankC, 1)) })
        {
            Assert.Equal(Standing.Active, state.PartyOf(Supplier).Standing);
            Assert.Equal(5u, state.PartyOf(Supplier).LastKey);
            Assert.Equal([false, true, false, true, true], new uint[] { 1, 2, 3, 4, 5 }.Select(number => state.IsValid(Supplier, number)));
        }
    }

    [Fact]
    public void Recovery_ends_what_a_thief_set_waiting()
    {
        var state = Founded
            .After(Supplier, new RotateKey(Supplier, 1, Fresh()), Key(Supplier, 1))
            .After(BankA, new ReportLost(Supplier), Key(BankA, 1))
            .After(Supplier, new Recover(Supplier, [1, 4], [Fresh()]), Key(Supplier, 2));

        var later = state.Later(2 * Delay);
        Assert.False(later.IsValid(Supplier, 1));
        Assert.False(later.IsValid(Supplier, 4));
        Assert.True(later.IsValid(Supplier, 5));
    }

    [Fact]
    public void Recovery_needs_the_recovery_key_or_the_sponsor_with_a_second_bank()
    {
        var lost = Founded.After(BankA, new ReportLost(Supplier), Key(BankA, 1));
        var recover = new Recover(Supplier, [1], [Fresh()]);

        Assert.Equal(Refusal.RecoveryNotAuthorised, lost.Refuses(Supplier, recover, Key(Supplier, 1), Key(Supplier, 3)));
        Assert.Equal(Refusal.RecoveryNotAuthorised, lost.Refuses(BankA, recover, Key(BankA, 1)));
        Assert.Equal(Refusal.RecoveryNotAuthorised, lost.Refuses(BankB, recover, Key(BankB, 1), Key(BankA, 1)));
        Assert.Equal(Refusal.RecoveryNotAuthorised, lost.Refuses(BankB, recover, Key(BankB, 1), Key(BankC, 1)));
    }

    [Fact]
    public void Recovery_is_for_a_party_whose_loss_was_reported_and_leaves_it_a_key_to_act_with()
    {
        var lost = Founded.After(BankA, new ReportLost(Supplier), Key(BankA, 1));
        KeyId recovery = Key(Supplier, 2);

        Assert.Equal(Refusal.PartyNotFound, lost.Refuses(BankA, new Recover(Newcomer, [], [Fresh()]), Key(BankA, 1), Key(BankB, 1)));
        Assert.Equal(Refusal.KeysNotLost, Founded.Refuses(Supplier, new Recover(Supplier, [1], [Fresh()]), recovery));
        Assert.Equal(Refusal.KeyNotFound, lost.Refuses(Supplier, new Recover(Supplier, [4], [Fresh()]), recovery));
        Assert.Equal(Refusal.LastSigningKey, lost.Refuses(Supplier, new Recover(Supplier, [1, 3], []), recovery));
        Assert.Equal(Refusal.LastSigningKey, lost.Refuses(Supplier, new Recover(Supplier, [1, 3], [Fresh(role: KeyRole.Checker)]), recovery));
        Assert.Equal(Refusal.PublicKeyInvalid, lost.Refuses(Supplier, new Recover(Supplier, [], [Fresh() with { PublicKey = default }]), recovery));
        Assert.Equal(3u, lost.After(Supplier, new Recover(Supplier, [1], []), recovery).PartyOf(Supplier).LastKey);

        var ended = lost.With(lost.KeyOf(Supplier, 1) with { Until = lost.Now });
        Assert.Equal(Refusal.KeyAlreadyEnded, ended.Refuses(Supplier, new Recover(Supplier, [1], [Fresh()]), recovery));
    }

    static LedgerState WithKeylessParty() => Founded.After(
        BankA,
        new RegisterParty(
            Keyless, "无钥小店", Roles.Supplier, "430112", SizeClass.Micro, "", [],
            new PaperMandate(
                new Id<Mandate>(Uuid7.Of(Start, 77)), BankB, ["offer.accept"], Currency.Cny, new Amount(100), [],
                Start.CeilingMinute().Add(Timestamp.Day), Paper)),
        Key(BankA, 1), Key(BankB, 1));
}
