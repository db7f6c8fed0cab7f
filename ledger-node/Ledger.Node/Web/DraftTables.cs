using Ledger.Client.Text;
using Ledger.Node.Drafts;
using Ledger.Node.Nouns;

namespace Ledger.Node.Web;

/// <summary>The tables of the page of drafts.</summary>
static class DraftTables
{
    public static string LinkOf(Draft draft) => $"/drafts/{draft.Body.Party}/{draft.Body.Id}";

    public static string StatusOf(Visit v, Draft draft) => ValueText.Find("status", ApiJson.Name(draft.Status), null) is { } word ? v[word] : ApiJson.Name(draft.Status);

    public static string ToneOf(Draft draft) => draft.Status switch
    {
        DraftStatus.Waiting or DraftStatus.Complete => "warn",
        DraftStatus.Accepted => "good",
        DraftStatus.Refused or DraftStatus.Rejected => "bad",
        DraftStatus.Recalled => "over",
    };

    public static Sheet Of(Visit v, Word caption, IEnumerable<Draft> drafts)
    {
        var sheet = new Sheet(caption, [
            new("act", Words.DraftAct), new("party", Words.Party), new("status", Words.Status), new("signed", Words.DraftSigned, ColumnKind.Code), new("missing", Words.DraftMissing, ColumnKind.Code),
            new("expires", Words.Expires),
        ]);
        foreach (var draft in drafts)
        {
            sheet.Add(
                new(string.Join("; ", draft.Body.Operations.Select(operation => v.Verb(operation.Kind))), LinkOf(draft)), new(v.Name(draft.Body.Party), Links.Of(draft.Body.Party)),
                new(StatusOf(v, draft), Tone: ToneOf(draft)), new(string.Join(' ', draft.Text.Signed.Signers)), new(string.Join(' ', draft.Text.Missing)), new(v.Time(draft.Body.Expires)));
            v.Sight.Show(draft.Text.Signed);
        }

        return sheet;
    }
}
