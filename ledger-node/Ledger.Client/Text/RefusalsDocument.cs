using System.Globalization;
using System.Text;
using Ledger.Core.State;

namespace Ledger.Client.Text;

/// <summary>The table of all refusals, <c>docs/REFUSALS.md</c>, made from the enum so that the two cannot differ.</summary>
public static class RefusalsDocument
{
    static readonly (int First, string Title)[] Chapters =
    [
        (0, "Accepted"), (1000, "Wire"), (1500, "Authentication"), (2000, "Members"), (2500, "Documents"), (3000, "Confirmation and issue"),
        (3500, "Bills"), (4000, "Tokens"), (5000, "Double pledge"), (6000, "Financing"), (6500, "Credit"), (7000, "Maturity"),
        (8000, "Rules and lists"), (9000, "Consortium"), (10000, "Registry"), (20000, "Import"), (30000, "Programming interface"),
    ];

    public static string Write()
    {
        var text = new StringBuilder(
            """
            # Refusals

            Every way the ledger says no. Written by `ledger docs refusals` from `Refusal.cs`; edit that file and not this one. Numbers are permanent.
            Below 2000 a refusal leaves no entry and uses no id. From 2000 to 19999 the rules say no: a node tries a transaction before it is ordered, and then its
            answer is no entry either and uses no id. An entry of the chain is only what was refused in its place in the order, for something came between,
            and a double-pledge attempt (5000 to 5999) while the party's quota of the day lasts. From 20000 on a refusal never reaches the chain.
            Words in braces are filled from the facts of the case.

            """);
        for (var i = 0; i < Chapters.Length; i++)
        {
            var (first, title) = Chapters[i];
            var end = i + 1 < Chapters.Length ? Chapters[i + 1].First : int.MaxValue;
            Refusal[] members = [.. Enum.GetValues<Refusal>().Where(refusal => (int)refusal >= first && (int)refusal < end)];
            if (members.Length == 0) continue;

            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| number | name | 中文 | English |\n| ---: | --- | --- | --- |\n");
            foreach (var refusal in members)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {(ushort)refusal} | `{refusal}` | {refusal.Says(Language.Chinese)} | {refusal.Says(Language.English)} |\n");
            }
        }

        return text.ToString();
    }
}
