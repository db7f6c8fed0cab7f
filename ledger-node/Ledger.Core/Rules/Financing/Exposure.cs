using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Rules;

public static partial class Rulebook
{
    /// <summary>
    /// Units were paid, came home or left their financier: what financings and the issue drew for them is free on their lines again, and a financing
    /// whose last unit is paid has matured.
    /// </summary>
    static LedgerState ReleaseExposure(LedgerState state, Id<Instrument> instrument, Interval units) => state;

    /// <summary>Writes a financing that occupies so much less of its line.</summary>
    static LedgerState ReleaseDrawn(LedgerState state, Financing financing, Amount released)
    {
        if (!released.IsZero)
        {
            var line = LineNamed(state, financing.Line);
            state = state.With(line with { Drawn = line.Drawn - released });
        }

        return state.With(financing with { Drawn = financing.Drawn - released });
    }
}
