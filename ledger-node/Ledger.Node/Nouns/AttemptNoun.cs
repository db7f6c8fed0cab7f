using Ledger.Client.Text;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Views;

namespace Ledger.Node.Nouns;

/// <summary>A double-pledge attempt on the record.</summary>
sealed class AttemptNoun() : Noun<Attempt>("Attempt", Guards.Attempt, NounLists.Attempts)
{
    protected override IEnumerable<Column<Attempt>> Describe() =>
    [
        Party("party", one => one.Party), Of("code", Kinds.RefusalNumber, one => one.Code), Text("title", one => one.Code.ToString()), Time("at", one => one.At),
        Number("height", one => one.Height), Of("leaf", Kinds.Leaf, one => one.Leaf),
    ];

    protected override IEnumerable<Column<Attempt>> OnlyForPeople() =>
        [ForPeople("code", static (one, _, reader) => new(RefusalText.Of(one.Code, Facts.None, reader.Language, reader.OffsetMinutes)), listed: ListedAs.Refusal)];
}
