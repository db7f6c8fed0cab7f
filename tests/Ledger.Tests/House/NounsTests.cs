using System.Reflection;
using Ledger.Client.Text;
using Ledger.Node.Nouns;

namespace Ledger.Tests.House;

/// <summary>What people's lists show of a noun, wherever they are, is what the node tells of it.</summary>
public sealed class NounsTests
{
    [Fact]
    public void Every_column_of_a_list_is_told_of_its_noun_in_the_way_in_which_the_list_shows_it()
    {
        var found = new List<NounList>();
        foreach (var (list, find) in Nouns())
        {
            if (Array.TrueForAll(list.Columns, column => find(column))) found.Add(list);
        }

        Assert.Equal(NounLists.All, found.Distinct());
    }

    [Fact]
    public void Every_column_has_words_in_both_languages_and_no_list_shows_one_twice()
    {
        foreach (var list in NounLists.All)
        {
            Assert.All(list.Columns, column => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", column.Word.Chinese));
            Assert.All(list.Columns, column => Assert.Matches("^[A-Z]", column.Word.AsHeading.English));
            Assert.Equal(list.Columns.Length, list.Columns.Select(column => (column.Member, column.Kind)).Distinct().Count());
        }
    }

    static IEnumerable<(NounList List, Func<ListColumn, bool> Find)> Nouns() =>
        from field in typeof(Shown).GetFields(BindingFlags.Public | BindingFlags.Static)
        let noun = field.GetValue(null)
        where noun.GetType().GetProperty("List") is not null
        let list = (NounList)noun.GetType().GetProperty("List")!.GetValue(noun)!
        let find = noun.GetType().GetMethod("Find", [typeof(ListColumn)])!
        orderby NounLists.All.ToList().IndexOf(list)
        select (list, new Func<ListColumn, bool>(column => find.Invoke(noun, [column]) is not null));
}
