using Ledger.Core.Rules;

namespace Ledger.Client.Text;

/// <summary>What people call a verb of the wire.</summary>
public static class VerbText
{
    /// <summary>The verb itself where this program does not know it.</summary>
    public static string Of(string verb, Language language) =>
        !Rulebook.Verbs.TryGetValue(verb, out var known) ? verb : language == Language.Chinese ? known.Chinese : known.English;
}
