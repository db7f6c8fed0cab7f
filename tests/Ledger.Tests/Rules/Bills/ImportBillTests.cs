using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using static Ledger.Tests.World;

namespace Ledger.Tests.Rules.Bills;

/// <summary>E7: an old bill is judged by the rules of its own day of issue.</summary>
public sealed class ImportBillTests : IDisposable
{
    readonly World world = new(Morning, template => template with { Rules = Dated(template) });

    public void Dispose() => world.Dispose();

    [Fact]
    public void Twelve_months_were_right_on_the_last_day_of_2022_and_six_are_from_the_next()
    {
        world.Accepts(X, Import("2022-12-31", "2023-12-31"), Key(A), Key(C));
        world.Refuses(Refusal.BillTenorTooLong, X, Import("2023-01-01", "2023-07-02"), Key(A), Key(C));
        world.Accepts(X, Import("2023-01-01", "2023-07-01"), Key(A), Key(C));
    }

    [Fact]
    public void A_bill_whose_day_has_passed_comes_in_due_and_overdue()
    {
        var import = Import("2025-09-01", "2026-02-25");
        world.Accepts(X, import, Key(A), Key(C));
        Assert.Equal("CS04/TF0301", Pair(import));

        world.Pass(1);
        Assert.Equal(Date("2026-02-25"), Assert.IsType<Maturity>(world.State.Maturity(import.Instrument)).OverdueOn[0]);
        world.Refuses(Refusal.ExplanationMissing, A, new PresentBill(world.New<Offer>(), import.Instrument, new(1, 100), world.Tomorrow));
    }

    [Fact]
    public void An_imported_bill_circulates()
    {
        var import = Import("2026-02-01", "2026-08-01");
        world.Accepts(X, import, Key(A), Key(C));
        Assert.Equal("CS03/TF0301", Pair(import));

        world.Hands(import.Instrument, A, B, 1, 40);

        Assert.Equal([(B, "1-40"), (A, "41-100")], world.Holdings(import.Instrument));
    }

    [Fact]
    public void A_debt_arises_on_nobody_elses_word()
    {
        world.Refuses(Refusal.ImportNotSigned, X, Import("2026-02-01", "2026-08-01"), Key(A));
        world.Refuses(Refusal.ImportNotSigned, X, Import("2026-02-01", "2026-08-01"), Key(C));
        world.Refuses(Refusal.NotTheImporter, Y, Import("2026-02-01", "2026-08-01"), Key(A), Key(C));
    }

    [Fact]
    public void Where_there_is_a_register_its_word_and_the_holders_are_enough()
    {
        using var told = new BillStory(atRegister: true);

        told.World.Refuses(Refusal.NotTheImporter, X, Import("2026-02-01", "2026-08-01"), Key(A), Key(C));
        told.World.Accepts(Y, Import("2026-02-01", "2026-08-01"), Key(A));
    }

    string Pair(ImportBill import) =>
        Rulebook.BillStatusOf(world.State, world.Instrument(import.Instrument), world.Tokens(import.Instrument)[0]).ToString();

    ImportBill Import(string issued, string due)
    {
        var id = world.New<Instrument>();
        return new(id, BillStory.Number('6', id), B, C, A, Currency.Cny, new(100), Date(issued), Date(due), Transferable: true, Undivided: false);
    }

    static ValueList<DatedRules> Dated(GenesisText template)
    {
        var now = template.Rules[^1].Parameters.Values;
        var before = now.ToArray();
        before[(int)RuleParameter.BillTenorMonths - 1] = 12;
        return [new(Date("2020-01-01"), new([.. before])), new(Date("2023-01-01"), new(now))];
    }
}
