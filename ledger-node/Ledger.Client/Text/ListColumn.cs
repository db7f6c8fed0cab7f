namespace Ledger.Client.Text;

/// <summary>How a column's values are told to people.</summary>
public enum ListedAs
{
    Text,
    Amount,
    Time,
    Party,
    Number,

    /// <summary>A refusal's number, as the sentence that it stands for.</summary>
    Refusal,
}

/// <summary>One column of a list: the member of an item that it shows (<c>leg.cause</c> for one inside another), and what people call it.</summary>
public sealed record ListColumn(string Member, ListedAs Kind = ListedAs.Text)
{
    readonly Word? own;

    /// <summary>Called as the member is wherever it stands, unless it is named otherwise here.</summary>
    public Word Word
    {
        get => own ?? MemberText.Find(Name) ?? throw new System.Diagnostics.UnreachableException(Member);
        init => own = value;
    }

    /// <summary>The member's own name, without what it stands in.</summary>
    public string Name => Member[(Member.LastIndexOf('.') + 1)..];
}

/// <summary>The columns of a noun's lists, in their order, and under which name an answer has its items.</summary>
public sealed record NounList(string Name, params ListColumn[] Columns);
