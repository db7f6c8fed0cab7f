using Ledger.Client.Text;
using Ledger.Core.Parties;
using Ledger.Node.Access;

namespace Ledger.Node.Nouns;

/// <summary>What two institutions announced against a party, in its contest period or settled.</summary>
sealed class MeasureNoun() : Noun<Measure, Measure>("Measure", Guards.Measure, NounLists.Measures)
{
    protected override IEnumerable<Column<Measure>> Describe() =>
    [
        Id("id", one => one.Id), Name("kind", one => one.Kind, Names.Of), Name("status", one => one.Status, Names.Of, Tones.Of), Party("by", one => one.By),
        Of("institutions", Kinds.Parties, one => one.Institutions), Party("against", one => one.Against), Party("gainer", one => one.Gainer).Optional,
        Hash("evidence", one => one.Evidence).Optional, Time("madeAt", one => one.MadeAt), Time("inForceFrom", one => one.InForceFrom), Time("until", one => one.Until),
        Party("contestedBy", one => one.ContestedBy).Optional, Hash("reason", one => one.Reason).Optional, Party("decidedBy", one => one.DecidedBy).Optional,
        Hash("order", one => one.Order).Optional,
    ];
}
