using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Http;

namespace Ledger.Tests.Http;

public sealed class EffectsTests
{
    /// <summary>Something with a value of each kind that a detail can have.</summary>
    sealed record Everything : LedgerEvent<Everything>, IEvent
    {
        public static (string Chinese, string English) Words => ("万事", "everything");

        public override LedgerState Enact(LedgerState state) => state;

        public override IEnumerable<Told> Tells(LedgerState state) => Details.All.Select(detail => new Told(detail, ValueOf(detail)));

        static object ValueOf(Detail detail) => detail switch
        {
            Detail<PartyId> => World.A,
            Detail<KeyId> => World.Key(World.A),
            Detail<Amount> => new Amount(12),
            Detail<Currency> => Currency.Cny,
            Detail<Timestamp> => new Timestamp(1),
            Detail<DateOnly> => new DateOnly(2026, 3, 1),
            Detail<Interval> => new Interval(1, 2),
            Detail<ValueList<Interval>> => (ValueList<Interval>)[new(1, 2)],
            Detail<uint> => 7u,
            Detail<bool> => true,
            Detail<string> => "text",
            Detail<Enum> => OfferStatus.AwaitsRegister,
            Detail<IEnumerable<KeyId>> => new[] { World.Key(World.A) },
            Detail<IEnumerable<PartyId>> => new[] { World.A },
            Detail<IEnumerable<Id<Offer>>> => new[] { new Id<Offer>(1) },
            Detail<IEnumerable<PaymentShare>> => Array.Empty<PaymentShare>(),
            Detail<IEnumerable<AnnouncedShare>> => Array.Empty<AnnouncedShare>(),
            IdDetail => new Id<Offer>(1).ToString(),
            _ => throw new InvalidOperationException(detail.Name),
        };
    }

    [Fact]
    public void Whatever_an_event_can_tell_is_written_under_its_name_and_has_a_schema()
    {
        using var world = new World();
        using var written = new MemoryStream();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            Effects.Write(json, new Everything(), world.State);
            json.WriteEndObject();
        }

        var members = JsonDocument.Parse(Encoding.UTF8.GetString(written.ToArray())).RootElement.EnumerateObject().Select(member => member.Name).ToArray();
        var described = Assert.IsType<JsonObject>(Effects.Schema.Json["properties"]).Select(property => property.Key);

        Assert.Equal(["kind", .. Details.All.Select(detail => detail.Name)], members);
        Assert.Equal(members.Distinct().Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }
}
