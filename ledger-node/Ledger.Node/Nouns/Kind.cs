using System.Globalization;
using System.Text.Json;
using Ledger.Client.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Nouns;

/// <summary>What values of one kind look like: in an answer, in its description, and in a table for people.</summary>
sealed record Kind<T>(Schema Schema, Action<Utf8JsonWriter, string, T> Write, Func<T, Reader, Cell> Show)
{
    public ColumnKind Column { get; init; }

    /// <summary>How people's lists of it must say that it is told.</summary>
    public ListedAs Listed { get; init; }
}

static class Kinds
{
    public static readonly Kind<PartyId> Party = new(Schema.Party, ApiJson.Party, static (party, reader) => reader.Party(party)) { Listed = ListedAs.Party };

    /// <summary>A party's own number, in a table of parties.</summary>
    public static readonly Kind<PartyId> PartyNumber = Party with { Show = static (party, _) => new(party.Text, Links.Of(party)), Column = ColumnKind.Code, Listed = ListedAs.Text };

    public static readonly Kind<Roles> Roles = new(
        Schema.List(Schema.Names<Roles>()), static (json, name, roles) => json.List(name, Each(roles), static (json, role) => json.WriteStringValue(ApiJson.Name(role))),
        static (roles, reader) => new(reader.List(Names.Of(roles).Select(role => reader[role]))));

    public static readonly Kind<KeyId> Key = new(Schema.Key, static (json, name, key) => json.WriteString(name, key.ToString()), static (key, _) => new(key.ToString())) { Column = ColumnKind.Code };

    public static readonly Kind<IEnumerable<PartyId>> Parties =
        new(Schema.List(Schema.Party), ApiJson.Parties, static (parties, reader) => new(reader.List(parties.Select(reader.NameOf))));

    public static readonly Kind<string> Text = new(Schema.Text, static (json, name, text) => json.WriteString(name, text), static (text, _) => new(text));

    public static readonly Kind<string> TextIfAny = Text with { Write = ApiJson.Text };

    public static readonly Kind<string> Code = Text with { Column = ColumnKind.Code };

    public static readonly Kind<string> Base64 = Code with { Schema = Schema.Base64Url };

    /// <summary>Verbs of the wire.</summary>
    public static readonly Kind<IEnumerable<string>> Verbs = new(
        Schema.List(Schema.Text), static (json, name, verbs) => json.List(name, verbs, static (json, verb) => json.WriteStringValue(verb)),
        static (verbs, reader) => new(reader.List(verbs.Distinct().Select(verb => VerbText.Of(verb, reader.Language)))));

    /// <summary>Whether an entry was accepted.</summary>
    public static readonly Kind<Refusal> Answer = new(
        Schema.OneOf("accepted", "refused"), static (json, name, refusal) => json.WriteString(name, refusal == Refusal.None ? "accepted" : "refused"),
        static (_, _) => Cell.Empty);

    public static readonly Kind<Currency> Currency =
        new(Schema.Currency, static (json, name, currency) => json.WriteString(name, currency.Code), static (currency, _) => new(currency.Code));

    public static readonly Kind<(Amount Amount, Currency Currency)> Money =
        new(Schema.Amount, static (json, name, money) => json.Amount(name, money.Amount), static (money, _) => Cell.Money(money.Amount, money.Currency))
        { Column = ColumnKind.Money, Listed = ListedAs.Amount };

    public static readonly Kind<bool> Flag = new(Schema.Bool, static (json, name, flag) => json.WriteBoolean(name, flag), static (flag, reader) => new(reader[flag]));

    public static readonly Kind<ulong> Number =
        new(Schema.Number, static (json, name, number) => json.WriteNumber(name, number), static (number, _) => new(Figures.Number(number)))
        { Column = ColumnKind.Number, Listed = ListedAs.Number };

    /// <summary>The leaf of an entry, with the way to its page.</summary>
    public static readonly Kind<ulong> Leaf = Number with { Show = static (leaf, _) => new(Figures.Number(leaf), Links.OfEntry(leaf)) };

    public static readonly Kind<Refusal> RefusalNumber =
        new(Schema.Number, static (json, name, refusal) => json.WriteNumber(name, (ushort)refusal), static (refusal, _) => new(((ushort)refusal).ToString(CultureInfo.InvariantCulture), Tone: "bad"))
        { Listed = ListedAs.Number };

    public static readonly Kind<Timestamp> Time =
        new(Schema.Time, ApiJson.Time, static (time, reader) => time == default ? Cell.Empty : new(reader.Time(time))) { Listed = ListedAs.Time };

    public static readonly Kind<DateOnly> Date = new(Schema.Date, ApiJson.Date, static (date, _) => date == DateOnly.MinValue ? Cell.Empty : new(Figures.Date(date)));

    public static readonly Kind<IEnumerable<DateOnly>> Dates =
        new(Schema.List(Schema.Date), ApiJson.Dates, static (dates, reader) => new(reader.List(dates.Select(Figures.Date))));

    public static readonly Kind<Hash256> Hash =
        new(Schema.Hash, ApiJson.Hash, static (hash, _) => hash.IsZero ? Cell.Empty : new(hash.ToString())) { Column = ColumnKind.Code };

    public static readonly Kind<Interval> Interval = new(Schema.Interval, ApiJson.Interval, static (units, _) => new(units.ToString())) { Column = ColumnKind.Code };

    public static readonly Kind<ValueList<Interval>> Units =
        new(Schema.List(Schema.Interval), ApiJson.Units, static (units, _) => new(string.Join(' ', units))) { Column = ColumnKind.Code };

    public static readonly Kind<ValueList<DocumentUse>> Uses =
        new(Member.Uses("").Schema, ApiJson.Uses, static (uses, reader) => new(reader.List(uses.Select(use => use.Document.ToString())))) { Column = ColumnKind.Code };

    /// <summary>Salted digests of hidden terms, spelled as they are in the payload (RFC 9901).</summary>
    public static readonly Kind<ValueList<Hash256>> Terms = new(Member.Terms.Schema, ApiJson.Digests, static (terms, _) => new(Figures.Number((ulong)terms.Count)));

    /// <summary>An id, with the way to the page of what it names.</summary>
    public static Kind<Id<TNoun>> Id<TNoun>() =>
        new(Schema.Id, ApiJson.Id, static (id, _) => id.Value == 0 ? Cell.Empty : new(id.ToString(), Links.Of(id))) { Column = ColumnKind.Code };

    public static Kind<IEnumerable<Id<TNoun>>> Ids<TNoun>() =>
        new(Schema.List(Schema.Id), ApiJson.Ids, static (ids, reader) => new(reader.List(ids.Select(id => id.ToString())))) { Column = ColumnKind.Code };

    static IEnumerable<Roles> Each(Roles roles) => Enum.GetValues<Roles>().Where(role => role != Core.Parties.Roles.None && (roles & role) == role);

    /// <summary>One of an enum's members, by its name.</summary>
    public static Kind<TName> Name<TName>(Func<TName, Word> word, Func<TName, string>? tone = null)
        where TName : struct, Enum => new(Schema.Names<TName>(), ApiJson.Name, (name, reader) => new(reader[word(name)], Tone: tone?.Invoke(name)));
}
