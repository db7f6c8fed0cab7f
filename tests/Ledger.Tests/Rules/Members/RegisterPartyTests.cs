using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using static Ledger.Tests.Rules.Members.Consortium;

namespace Ledger.Tests.Rules.Members;

public class RegisterPartyTests
{
    [Fact]
    public void A_bank_brings_in_a_supplier_that_signs_with_its_first_key()
    {
        var maker = Fresh();
        var checker = Fresh(role: KeyRole.Checker, person: "li.si");
        var register = Enterprise() with { Keys = [maker, checker], Account = new Hash256(3, 4), IndustryChain = "新能源汽车", Size = SizeClass.Small };

        var state = Founded.After(BankA, register, Key(BankA, 1), Key(Newcomer, 1));

        Assert.Equal(
            new Party(Newcomer, "湘江零部件有限公司", Roles.Supplier, "430111", SizeClass.Small, "新能源汽车", BankA, Standing.Active, 2, new Hash256(3, 4), [], Founded.Today),
            state.PartyOf(Newcomer));
        Assert.Equal(
            new PartyKey(new(Newcomer, 1), maker.PublicKey, KeyUse.Signing, KeyRole.Maker, "zhang.san", Start, PartyKey.Forever, 0),
            state.KeyOf(Newcomer, 1));
        Assert.Equal(checker.PublicKey, state.KeyOf(Newcomer, 2).PublicKey);
        Assert.True(state.IsValid(Newcomer, 2));
    }

    [Fact]
    public void A_party_is_registered_once()
    {
        var state = Founded.After(BankA, Enterprise(), Key(BankA, 1), Key(Newcomer, 1));

        Assert.Equal(Refusal.PartyAlreadyRegistered, state.Refuses(BankB, Enterprise(), Key(BankB, 1), Key(Newcomer, 1)));
    }

    [Fact]
    public void Only_a_bank_sponsors_and_never_itself()
    {
        Assert.Equal(Refusal.SponsorIsNotBank, Founded.Refuses(Supplier, Enterprise(), Key(Supplier, 1), Key(Newcomer, 1)));
        Assert.Equal(Refusal.SponsorIsNotBank, Founded.Refuses(Foreigner, Enterprise(), Key(Newcomer, 1)));
        Assert.Equal(Refusal.SponsorIsSelf, Founded.Refuses(BankA, Bank() with { Id = BankA, Region = "110000" }, Key(BankA, 1)));
    }

    [Fact]
    public void A_new_party_signs_with_its_first_key_and_no_other()
    {
        var register = Enterprise() with { Keys = [Fresh(), Fresh()] };

        Assert.Equal(Refusal.NewPartyDidNotSign, Founded.Refuses(BankA, register, Key(BankA, 1)));
        Assert.Equal(Refusal.NewPartyDidNotSign, Founded.Refuses(BankA, register, Key(BankA, 1), Key(Newcomer, 2)));
    }

    [Theory]
    [InlineData(Roles.CoreEnterprise)]
    [InlineData(Roles.Regulator)]
    [InlineData(Roles.Guarantor)]
    [InlineData(Roles.Gateway)]
    [InlineData(Roles.Supplier | Roles.CoreEnterprise)]
    public void A_role_that_others_rely_on_needs_a_second_bank(Roles roles)
    {
        var register = Enterprise() with { Roles = roles };

        Assert.Equal(Refusal.SecondBankMissing, Founded.Refuses(BankA, register, Key(BankA, 1), Key(Newcomer, 1)));
        Assert.Equal(Refusal.SecondBankMissing, Founded.Refuses(BankA, register, Key(BankA, 1), Key(Newcomer, 1), Key(Supplier, 1)));
        Assert.Equal(roles, Founded.After(BankA, register, Key(BankA, 1), Key(BankB, 1), Key(Newcomer, 1)).PartyOf(Newcomer).Roles);
    }

    [Fact]
    public void A_supplier_needs_its_sponsor_only() => Assert.Equal(
        Roles.Supplier, Founded.After(BankA, Enterprise() with { Roles = Roles.Supplier }, Key(BankA, 1), Key(Newcomer, 1)).PartyOf(Newcomer).Roles);

    [Fact]
    public void A_second_bank_signs_with_a_signing_key_in_force_and_while_it_may_act()
    {
        var register = Enterprise() with { Roles = Roles.CoreEnterprise };

        Assert.Equal(Refusal.SecondBankMissing, Founded.Refuses(BankA, register, Key(BankA, 1), Key(BankB, 2), Key(Newcomer, 1)));
        Assert.Equal(Refusal.SecondBankMissing, Founded.Refuses(BankA, register, Key(BankA, 1), Key(BankB, 9), Key(Newcomer, 1)));
        var checker = Founded.With(Founded.KeyOf(BankB, 1) with { Id = Key(BankB, 4), Role = KeyRole.Checker });
        Assert.Equal(Refusal.SecondBankMissing, checker.Refuses(BankA, register, Key(BankA, 1), Key(BankB, 4), Key(Newcomer, 1)));
        var ended = Founded.With(Founded.KeyOf(BankB, 1) with { Until = Start });
        Assert.Equal(Refusal.SecondBankMissing, ended.Refuses(BankA, register, Key(BankA, 1), Key(BankB, 1), Key(Newcomer, 1)));
        var lost = Founded.After(BankA, new ReportLost(BankB), Key(BankA, 1));
        Assert.Equal(Refusal.SecondBankMissing, lost.Refuses(BankA, register, Key(BankA, 1), Key(BankB, 1), Key(Newcomer, 1)));
    }

    [Fact]
    public void A_bank_joins_with_signing_recovery_and_sealing_keys()
    {
        KeyId[] signers = [Key(BankA, 1), Key(BankB, 1), Key(Newcomer, 1)];

        Assert.Equal(3u, Founded.After(BankA, Bank(), signers).PartyOf(Newcomer).LastKey);
        Assert.Equal(Refusal.SecondBankMissing, Founded.Refuses(BankA, Bank(), Key(BankA, 1), Key(Newcomer, 1)));
        Assert.Equal(Refusal.BankKeysMissing, Founded.Refuses(BankA, Bank() with { Keys = [Fresh(), Fresh(KeyUse.Recovery)] }, signers));
        Assert.Equal(Refusal.BankKeysMissing, Founded.Refuses(BankA, Bank() with { Keys = [Fresh(), Fresh(KeyUse.Sealing)] }, signers));
        Assert.Equal(Refusal.BankKeysMissing, Founded.Refuses(BankA, Bank() with { Keys = [], Mandate = OnPaper() }, Key(BankA, 1), Key(BankC, 1)));
        Assert.Equal(Refusal.SecondBankMissing, Founded.Refuses(BankA, Bank() with { Keys = [], Mandate = OnPaper() }, Key(BankA, 1), Key(BankB, 1)));
    }

    [Fact]
    public void The_first_key_can_act_alone()
    {
        foreach (var unfit in new[] { Fresh(role: KeyRole.Checker), Fresh(KeyUse.Recovery), Fresh(KeyUse.Sealing) })
        {
            var register = Enterprise() with { Keys = [unfit, Fresh()] };
            Assert.Equal(Refusal.FirstKeyCannotAct, Founded.Refuses(BankA, register, Key(BankA, 1), Key(Newcomer, 1)));
        }
    }

    [Fact]
    public void A_public_key_is_a_point_of_the_curve_that_nobody_has_yet()
    {
        var offCurve = FreshPoint().Span.ToArray();
        offCurve[^1] ^= 1;
        var fresh = Fresh();

        Assert.Equal(Refusal.PublicKeyInvalid, RefusedWith(fresh with { PublicKey = new(offCurve) }));
        Assert.Equal(Refusal.PublicKeyInvalid, RefusedWith(fresh with { PublicKey = default }));
        Assert.Equal(Refusal.PublicKeyInUse, RefusedWith(fresh with { PublicKey = Founded.KeyOf(BankC, 2).PublicKey }));
        Assert.Equal(Refusal.PublicKeyInUse, RefusedWith(fresh, fresh with { Use = KeyUse.Recovery }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("张三")]
    [InlineData("zhang san")]
    [InlineData("zhang/san")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void A_persons_pseudonym_is_short_and_plain(string person) =>
        Assert.Equal(Refusal.TextInvalid, RefusedWith(Fresh(person: person)));

    [Theory]
    [InlineData("Zhang-San_7.b")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234")]
    public void A_plain_pseudonym_is_taken(string person) =>
        Assert.Equal(person, Founded
            .After(BankA, Enterprise() with { Keys = [Fresh(person: person)] }, Key(BankA, 1), Key(Newcomer, 1))
            .KeyOf(Newcomer, 1).Person);

    [Fact]
    public void A_name_has_1_to_200_characters()
    {
        // Outside the basic plane a character is two UTF-16 units and still one character.
        var longest = string.Concat(Enumerable.Repeat("𠮷", 200));

        Assert.Equal(longest, Founded.After(BankA, Enterprise() with { Name = longest }, Key(BankA, 1), Key(Newcomer, 1)).PartyOf(Newcomer).Name);
        Assert.Equal(Refusal.TextInvalid, RefusedAs(Enterprise() with { Name = longest + "x" }));
        Assert.Equal(Refusal.TextInvalid, RefusedAs(Enterprise() with { Name = "" }));
    }

    [Fact]
    public void A_region_is_the_one_that_a_USCC_says_and_free_for_an_LEI()
    {
        Assert.Equal(Refusal.TextInvalid, RefusedAs(Enterprise() with { Region = "430100" }));
        Assert.Equal(Refusal.TextInvalid, RefusedAs(Enterprise() with { Region = "" }));

        var foreign = Enterprise() with { Id = Foreigner };
        Assert.Equal(Refusal.TextInvalid, RefusedAs(foreign with { Region = "43011" }));
        Assert.Equal(Refusal.TextInvalid, RefusedAs(foreign with { Region = "43011A" }));
        foreach (var region in new[] { "", "310115" })
        {
            var state = Founded.After(BankA, foreign with { Region = region }, Key(BankA, 1), Key(Foreigner, 1));
            Assert.Equal(region, state.PartyOf(Foreigner).Region);
        }
    }

    [Fact]
    public void An_industry_chain_has_at_most_64_characters()
    {
        Assert.Equal(Refusal.TextInvalid, RefusedAs(Enterprise() with { IndustryChain = new string('车', 65) }));
        Founded.After(BankA, Enterprise() with { IndustryChain = new string('车', 64) }, Key(BankA, 1), Key(Newcomer, 1));
    }

    [Fact]
    public void A_refused_text_is_named()
    {
        var verdict = Founded.Judge(BankA, Enterprise() with { Region = "430100" }, Key(BankA, 1), Key(Newcomer, 1));

        Assert.Equal("region", Assert.IsType<Verdict.Refused>(verdict).Facts.Reason);
    }

    [Fact]
    public void A_party_without_keys_acts_through_an_agent_named_on_paper()
    {
        var state = Founded.After(BankA, WithoutKeys(), Key(BankA, 1), Key(BankB, 1));

        Assert.Equal(0u, state.PartyOf(Keyless).LastKey);
        var mandate = Assert.Single(state.Mandates(Keyless, BankB));
        Assert.Equal(Paper, mandate.Paper);
        Assert.Equal(OnPaper().Expires, state.NextDeadline?.At);
    }

    [Fact]
    public void A_party_without_keys_needs_its_paper_and_an_agent_other_than_its_sponsor()
    {
        KeyId[] signers = [Key(BankA, 1), Key(BankB, 1)];

        Assert.Equal(Refusal.PaperMandateMissing, Founded.Refuses(BankA, WithoutKeys() with { Mandate = null }, signers));
        Assert.Equal(Refusal.PaperMandateMissing, Founded.Refuses(BankA, WithoutKeys() with { Mandate = OnPaper() with { Paper = default } }, signers));
        Assert.Equal(Refusal.PaperMandateMissing, Founded.Refuses(BankA, WithoutKeys() with { Mandate = OnPaper() with { Agent = BankA } }, signers));
        Assert.Equal(Refusal.AgentIsPrincipal, Founded.Refuses(BankA, WithoutKeys() with { Mandate = OnPaper() with { Agent = Keyless } }, signers));
        Assert.Equal(Refusal.PartyNotFound, Founded.Refuses(BankA, WithoutKeys() with { Mandate = OnPaper() with { Agent = Foreigner } }, signers));
        Assert.Equal(Refusal.AgentDidNotSign, Founded.Refuses(BankA, WithoutKeys(), Key(BankA, 1)));
        Assert.Equal(Refusal.AgentDidNotSign, Founded.Refuses(BankA, WithoutKeys(), Key(BankA, 1), Key(BankC, 1)));
        Assert.Equal(Refusal.TermInvalid, Founded.Refuses(BankA, WithoutKeys() with { Mandate = OnPaper() with { Expires = Start } }, signers));
    }

    [Fact]
    public void A_party_with_keys_brings_no_paper() =>
        Assert.Equal(
            Refusal.PaperMandateBesideKeys,
            Founded.Refuses(BankA, Enterprise() with { Mandate = OnPaper() }, Key(BankA, 1), Key(BankB, 1), Key(Newcomer, 1)));

    static Refusal RefusedWith(params NewKey[] keys) => RefusedAs(Enterprise() with { Keys = [.. keys] });

    static Refusal RefusedAs(RegisterParty register) => Founded.Refuses(BankA, register, Key(BankA, 1), Key(register.Id, 1));

    static RegisterParty Enterprise() =>
        new(Newcomer, "湘江零部件有限公司", Roles.Supplier, "430111", SizeClass.Small, "", [Fresh()], Mandate: null);

    static RegisterParty Bank() =>
        Enterprise() with { Roles = Roles.Bank, Keys = [Fresh(), Fresh(KeyUse.Recovery), Fresh(KeyUse.Sealing, KeyRole.System)] };

    static RegisterParty WithoutKeys() => Enterprise() with { Id = Keyless, Region = "430112", Keys = [], Mandate = OnPaper() };

    static PaperMandate OnPaper() =>
        new(new Id<Mandate>(Uuid7.Of(Start, 77)), BankB, ["offer.accept"], Currency.Cny, new Amount(1_000_000), [], Start.CeilingMinute().Add(Timestamp.Day), Paper);
}
