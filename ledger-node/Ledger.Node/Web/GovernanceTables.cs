using Ledger.Client.Text;
using Ledger.Core.Parties;
using Ledger.Core.State;
using Ledger.Node.Nouns;

namespace Ledger.Node.Web;

/// <summary>The tables of the page of what is in force.</summary>
static class GovernanceTables
{
    public static IEnumerable<Sheet> All(Visit v) => [Validators(v), Majorities(v), Rules(v), Epochs(v), Programmes(v)];

    static Sheet Validators(Visit v)
    {
        var sheet = new Sheet(Words.Validators, [new("bank", Words.Party), new("nodeKey", Words.NodeKey, ColumnKind.Code)]);
        foreach (var validator in v.State.Validators) sheet.Add(new(v.Name(validator.Bank), Links.Of(validator.Bank)), new(validator.NodeKey.ToString()));
        return sheet;
    }

    static Sheet Majorities(Visit v)
    {
        var sheet = new Sheet(Words.Majorities, [new("action", Words.Action), new("majority", Words.MajorityNeeded)]);
        foreach (var action in Enum.GetValues<ProposalAction>()) sheet.Add(new(v[Names.Of(action)]), new(v[Names.Of(v.State.Chain.Voting.For(action))]));
        return sheet;
    }

    // A parameter a row, and a column for each set, so that one sees what changes.
    static Sheet Rules(Visit v)
    {
        var sets = v.State.RuleSets;
        var sheet = new Sheet(Words.RuleSets, [new("parameter", Words.RuleParameter, ColumnKind.Code), .. sets.Select(static set => new Column(Figures.Date(set.From), new(Figures.Date(set.From), Figures.Date(set.From)), ColumnKind.Number))]);
        foreach (var parameter in Enum.GetValues<RuleParameter>()) sheet.Add([new(ApiJson.Name(parameter)), .. sets.Select(set => new Cell(Figures.Number((ulong)set[parameter])))]);
        return sheet;
    }

    static Sheet Epochs(Visit v)
    {
        var sheet = new Sheet(Words.KeyEpochs, [new("number", Words.KeyEpoch, ColumnKind.Number), new("openedAt", Words.OpenedAt), new("keyCommitment", Words.KeyCommitment, ColumnKind.Code)]);
        foreach (var epoch in v.State.Epochs) sheet.Add(new(Figures.Number(epoch.Number)), new(v.Time(epoch.OpenedAt)), new(epoch.KeyCommitment.ToString()));
        return sheet;
    }

    static Sheet Programmes(Visit v)
    {
        var sheet = new Sheet(Words.Programmes, [
            new("industryChain", Words.IndustryChain), new("from", Words.ProgrammeFrom), new("tenorMonths", Words.ProgrammeTenor, ColumnKind.Number), new("financingTenorMonths", Words.ProgrammeFinancingTenor, ColumnKind.Number),
            new("financingShareBasisPoints", Words.ProgrammeShare, ColumnKind.Number), new("maximumDepth", Words.ProgrammeDepth, ColumnKind.Number), new("contractRequired", Words.ProgrammeContract),
        ]);
        foreach (var programme in v.State.AllProgrammes)
        {
            foreach (var settings in programme.Settings)
            {
                sheet.Add(
                    new(programme.IndustryChain), new(Figures.Date(settings.From)), new(Figures.Number(settings.TenorMonths)), new(Figures.Number(settings.FinancingTenorMonths)),
                    new(Figures.Number(settings.FinancingShareBasisPoints)), new(Figures.Number(settings.MaximumDepth)), new(v[settings.ContractRequired ? Words.Yes : Words.No]));
            }
        }

        return sheet;
    }
}
