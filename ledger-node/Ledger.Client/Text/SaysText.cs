using System.Reflection;
using Ledger.Core.State;

namespace Ledger.Client.Text;

/// <summary>The sentence beside an enum's member.</summary>
public static class SaysText
{
    public static string Says<T>(this T member, Language language)
        where T : struct, Enum
    {
        var says = typeof(T).GetField(member.ToString())?.GetCustomAttribute<SaysAttribute>();
        return (language == Language.Chinese ? says?.Chinese : says?.English) ?? member.ToString();
    }
}
