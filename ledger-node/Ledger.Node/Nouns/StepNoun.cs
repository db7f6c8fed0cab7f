using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.State;
using Ledger.Node.Access;
using Ledger.Node.Views;

namespace Ledger.Node.Nouns;

/// <summary>A step of a history: an entry with its verbs and answer, or what time did when a block was opened.</summary>
sealed class StepNoun() : Noun<HistoryStep>("HistoryStep", Guards.Step, NounLists.Steps)
{
    static readonly Word ByTime = new("到期自动处理：{0}", "when its time came: {0}");
    static readonly Word Accepted = new("已接受", "accepted");
    static readonly Word RefusedWith = new("拒绝 {0}", "refused {0}");

    protected override IEnumerable<Column<HistoryStep>> Describe() =>
    [
        Number("leaf", one => one.Leaf), Number("height", one => one.Height), Time("at", one => one.At), Party("party", one => one.Party).Optional,
        Of("verbs", Kinds.Verbs, one => one.Verbs.Split(',')).If(IsEntry), Of("status", Kinds.Answer, one => one.Code).If(IsEntry),
        Of("code", Kinds.RefusalNumber, one => one.Code).If(IsEntry), Text("title", one => one.Code.ToString()).If((one, at) => IsEntry(one, at) && one.Code != Refusal.None),
        Text("deadline", one => one.Deadline ?? "").If((one, at) => !IsEntry(one, at)),
    ];

    protected override IEnumerable<Column<HistoryStep>> OnlyForPeople() =>
    [
        ForPeople(
            "entry", static (one, at, _) => IsEntry(one, at) ? new(Figures.Number(one.Leaf), Links.OfEntry(one.Leaf)) : new(Figures.Number(one.Height), Links.OfBlock(one.Height)),
            ColumnKind.Number, ListedAs.Number),
        ForPeople("act", static (one, _, reader) => one.Deadline is { } deadline
            ? new(reader[ByTime, deadline])
            : new(reader.List(one.Verbs.Split(',').Distinct().Select(verb => VerbText.Of(verb, reader.Language))), Links.OfEntry(one.Leaf))),
        ForPeople("answer", static (one, at, reader) => !IsEntry(one, at)
            ? Cell.Empty
            : new(one.Code == Refusal.None ? reader[Accepted] : reader[RefusedWith, ((ushort)one.Code).ToString(CultureInfo.InvariantCulture)], Tone: one.Code == Refusal.None ? "good" : "bad")),
    ];

    static bool IsEntry(HistoryStep one, At at) => one.Deadline is null;
}
