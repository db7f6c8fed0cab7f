using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Core.Primitives;
using Ledger.Core.Wire;

namespace Ledger.Client.Devnet;

/// <summary>The demo's genesis with several of its banks as validators; where the preset has too few banks, with more of the same kind.</summary>
public static class LocalGenesis
{
    public const int MostNodes = 7;

    const int FirstSeed = 700;
    const string Region = "440300";
    const string Ordinals = "甲乙丙丁戊己庚辛壬癸";

    /// <summary>A template to fill with keys.</summary>
    public static GenesisText Template(int nodes, string suite)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodes, MostNodes);

        var preset = FoundingKeys.Preset("demo");
        var like = preset.Parties[0];
        var more = Enumerable.Range(preset.Parties.Count, Math.Max(0, nodes - preset.Parties.Count)).Select(place => like with
        {
            Id = IdOf(place),
            Name = NameOf(place),
            Sponsor = like.Id,
        });
        ValueList<FoundingParty> banks = [.. preset.Parties, .. more];
        return preset with
        {
            Suite = suite,
            Parties = banks,
            Validators = [.. banks.Take(nodes).OrderBy(bank => bank.Id).Select(bank => preset.Validators[0] with { Bank = bank.Id })],
        };
    }

    /// <summary>The bank at a place behind those of the preset.</summary>
    public static PartyId IdOf(int place) => FictionalUscc.Of(Region, FirstSeed + place);

    public static string NameOf(int place) => $"示例银行{Ordinals[place]}";
}
