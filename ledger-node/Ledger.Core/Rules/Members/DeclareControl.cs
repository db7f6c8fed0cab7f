using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using static Ledger.Core.Rules.Rulebook;

namespace Ledger.Core.Rules;

/// <summary>
/// Who ultimately controls a party (实际控制人, <c>party.control</c>), by its USCC or LEI, or that nobody does any more. A party may say of itself to whose group it
/// belongs while nothing is said; everything else takes two institutions, and what frees it of a group that others named two that are independent of it.
/// </summary>
public sealed record DeclareControl(PartyId Party, PartyId? Controller, Hash256 Evidence) : Operation<DeclareControl>, IVerb
{
    public static Verb Verb { get; } = new("party.control", "登记实际控制人", "state who controls a party");

    public override ValueList<UInt128> Makes(LedgerState state) => [];

    public override ValueList<Stake> Stakes(LedgerState state, Act act) => Stake.EverythingOf(act);

    public override Verdict Judge(LedgerState state, Act act)
    {
        if (state.Party(Party) is null) return Verdict.No(Refusal.PartyNotFound, Party.Text);
        if (Controller == Party) return Refusal.ControllerIsSelf;
        var known = state.Control(Party);
        var current = known?.Controller ?? default;
        if ((Controller ?? default) == current) return Refusal.ControlUnchanged;
        var isOwnWord = act.Party == Party && current == default;
        if (!isOwnWord && state.Party(act.Party)?.Has(Institutions) != true) return Refusal.RoleMissing;
        ValueList<PartyId> said = isOwnWord ? [Party] : Frees(known) ? TwoInstitutions(state, act, Party, current) : TwoInstitutionsAbout(state, act, Party);
        if (said.Count == 0) return Refusal.TwoInstitutionsMissing;
        var former = FormerAfter(state, known, Controller);
        if (former.Count > MostFormerControllers) return Refusal.TooManyControllers;

        return new ControlDeclared(new(Party, Controller ?? default, state.Today, said, Evidence, former));
    }

    // Whoever may be glad of it is asked of nobody who is near it. What only the party itself said yields to what others know.
    bool Frees(Control? known) => known is { Controller: var current } && current != default && (Controller is null || !known.IsOwnWord);
}

public sealed record ControlDeclared(Control Control) : LedgerEvent<ControlDeclared>, IEvent
{
    public static (string Chinese, string English) Words => ("已登记实际控制人", "controller stated");

    public override LedgerState Enact(LedgerState state) => state.With(Control);

    public override IEnumerable<Told> Tells(LedgerState state) =>
    [
        Details.Party.Is(Control.Party), Details.Controller.Is(Control.Controller == default ? null : Control.Controller),
    ];
}

public static partial class Rulebook
{
    // Each took two institutions and counts until the rules let it go. Where nobody controls the party any more the oldest makes room: what was said falsely can always be ended.
    internal const int MostFormerControllers = 8;

    // Those that still count, with the one that is left today; who comes back is no former one.
    internal static ValueList<FormerController> FormerAfter(LedgerState state, Control? known, PartyId? next)
    {
        if (known is null) return [];
        var former = known.Former.Where(one => one.Controller != next && StillCounts(state, one.Until));
        if (known.Controller != default) former = former.Append(new(known.Controller, state.Today));
        return next is null ? [.. former.TakeLast(MostFormerControllers)] : [.. former];
    }
}
