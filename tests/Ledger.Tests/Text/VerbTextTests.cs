using Ledger.Client.Text;
using Ledger.Core.Rules;

namespace Ledger.Tests.Text;

public class VerbTextTests
{
    [Fact]
    public void Every_verb_has_a_name_in_both_languages() =>
        Assert.All(Rulebook.Verbs.Values, verb =>
        {
            Assert.NotEqual(verb, VerbText.Of(verb, Language.Chinese));
            Assert.NotEqual(verb, VerbText.Of(verb, Language.English));
        });
}
