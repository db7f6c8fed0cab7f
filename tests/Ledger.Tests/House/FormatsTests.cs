using System.Globalization;
using System.Text.RegularExpressions;
using Ledger.Core.Chain;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Rules;

namespace Ledger.Tests.House;

/// <summary>The document of formats knows every verb and every number that a record can hold.</summary>
public partial class FormatsTests
{
    static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root(), "ledger-node", "docs", "FORMATS.md"));

    public static TheoryData<string, Type> Numbers => new()
    {
        { "roles (bits)", typeof(Roles) }, { "size", typeof(SizeClass) }, { "standing", typeof(Standing) }, { "key use", typeof(KeyUse) },
        { "key role", typeof(KeyRole) }, { "document kind", typeof(DocumentKind) }, { "instrument kind", typeof(InstrumentKind) },
        { "instrument status", typeof(InstrumentStatus) }, { "unit state", typeof(UnitState) }, { "offer kind", typeof(OfferKind) },
        { "offer status", typeof(OfferStatus) }, { "cause", typeof(TransferCause) }, { "encumbrance kind", typeof(EncumbranceKind) },
        { "bill status", typeof(BillStatus) }, { "bill flow", typeof(BillFlow) }, { "financing form", typeof(FinancingForm) },
        { "financing status", typeof(FinancingStatus) }, { "day count", typeof(DayCount) }, { "bounds", typeof(DayBounds) }, { "rounding", typeof(Rounding) },
        { "interest payment", typeof(InterestPayment) }, { "credit mode", typeof(CreditMode) }, { "registry act", typeof(RegistryAct) },
        { "registry finding", typeof(RegistryFinding) }, { "payment status", typeof(PaymentStatus) }, { "list kind", typeof(ListKind) },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_document_lists_every_number(string row, Type kind)
    {
        var line = Document.Split("\n## State records\n")[1].Split('\n').Single(line => line.StartsWith($"| {row} | ", StringComparison.Ordinal));
        var listed = Number().Matches(line).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

        // Zero is said of what is not there yet, which has no name in code.
        Assert.Equal(Values(kind).Where(value => value > 0), listed.Where(value => value > 0));
    }

    [Fact]
    public void The_document_has_a_row_for_every_verb() =>
        Assert.Empty(Rulebook.Verbs.Keys.Where(verb => !Row().Matches(Document).Any(row => row.Value.Contains($"`{verb}`", StringComparison.Ordinal))));

    [Fact]
    public void The_state_machine_says_what_every_verb_writes()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root(), "ledger-node", "docs", "STATE-MACHINE.md"));

        Assert.Empty(Rulebook.Verbs.Keys.Where(verb => !page.Contains($"`{verb}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_document_names_what_an_agent_can_be_given()
    {
        var sentence = Document.Split("An agent can be given only ")[1].Split(". ")[0];
        var named = Code().Matches(sentence).Select(match => match.Groups[1].Value).ToArray();
        var verbs = Rulebook.Verbs.Keys.Where(verb => named.Any(name => name == verb || (name.EndsWith('*') && verb.StartsWith(name[..^1], StringComparison.Ordinal))));

        Assert.Equal(Rulebook.Verbs.Values.Where(verb => verb.IsForAgents).Select(verb => verb.Name).Order(StringComparer.Ordinal), verbs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_document_lists_every_reason_for_which_a_transaction_is_passed_over_and_so_does_the_verifier_in_python()
    {
        var sentence = Document.Split("The numbers of skipped transactions are ")[1].Split(", and no others")[0];
        var listed = Range().Matches(sentence).SelectMany(match => Between(match.Groups[1].Value, match.Groups[2].Value, isEndIn: true));
        var python = File.ReadLines(Path.Combine(Repository.Root(), "tests", "Ledger.Tests", "Strangers", "verify_chain.py")).Single(line => line.StartsWith("SKIPPED = ", StringComparison.Ordinal));

        var reasons = Enumerable.Range(0, ushort.MaxValue + 1).Where(code => EnvelopeLeaf.IsReason((ushort)code)).ToArray();
        Assert.Equal(reasons, listed);
        Assert.Equal(reasons, PythonRange().Matches(python).SelectMany(match => Between(match.Groups[1].Value, match.Groups[2].Value, isEndIn: false)));

        static IEnumerable<int> Between(string start, string end, bool isEndIn)
        {
            var first = int.Parse(start, CultureInfo.InvariantCulture);
            return Enumerable.Range(first, int.Parse(end, CultureInfo.InvariantCulture) - first + (isEndIn ? 1 : 0));
        }
    }

    [GeneratedRegex("([0-9]+)–([0-9]+)")]
    private static partial Regex Range();

    [GeneratedRegex(@"range\(([0-9]+), ([0-9]+)\)")]
    private static partial Regex PythonRange();

    static IEnumerable<int> Values(Type kind) =>
        Enum.GetValuesAsUnderlyingType(kind).Cast<object>().Select(value => Convert.ToInt32(value, CultureInfo.InvariantCulture)).Order();

    [GeneratedRegex(@"(?:\| |, |; |: )(\d+) ")]
    private static partial Regex Number();

    [GeneratedRegex(@"`([a-zA-Z.*]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| `[a-z]+\.[A-Za-z].*$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
