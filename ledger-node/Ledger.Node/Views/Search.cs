using System.Globalization;
using System.Text;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Views;

/// <summary>
/// What a text that somebody typed can stand for. Identifiers are found exactly, in every spelling that people use for them; names by any part.
/// Every hit says what it is and why it was found.
/// </summary>
sealed class Search(Sql sql, ulong height, Func<string, IEnumerable<Fingerprint>>? fingerprints)
{
    public const int MostHits = 50;
    public const int MostCharacters = 200;

    const int ShortestTrigram = 3;

    static readonly (Section Section, string Type)[] Nouns =
    [
        (Section.Instruments, "instrument"), (Section.Offers, "offer"), (Section.Pledges, "pledge"), (Section.Financings, "financing"),
        (Section.Documents, "document"), (Section.Payments, "payment"), (Section.Lines, "line"), (Section.Freezes, "freeze"), (Section.Measures, "measure"), (Section.Mandates, "mandate"),
        (Section.Attestations, "attestation"),
    ];

    readonly List<Hit> hits = [];

    public IReadOnlyList<Hit> Of(string typed)
    {
        var text = typed.Normalize(NormalizationForm.FormKC).Trim();
        if (text.Length is 0 or > MostCharacters) return [];
        var compact = string.Concat(text.Where(static c => !char.IsWhiteSpace(c)));
        Numbers(compact);
        Hashes(compact.ToLowerInvariant());
        Ids(compact);
        Parties(compact.ToUpperInvariant());
        Packages(text);
        Texts(text);
        Documents(text);
        Names(text);
        return hits.Count > MostHits ? hits[..MostHits] : hits;
    }

    void Numbers(string text)
    {
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue) return;
        if (number <= height && Lists.Block(sql, number) is { } block) Hit("block", $"{number}", "height", block.Hash.ToString());
        Entry((long)number, "leaf");
    }

    void Hashes(string text)
    {
        if (!Hash256.TryParse(text, out var hash)) return;
        var bytes = hash.ToBytes();
        foreach (var at in Things.Find(sql, KeyKind.Header, Things.Hash(KeyKind.Header, 0, bytes)))
        {
            if ((ulong)at <= height && Lists.Block(sql, (ulong)at) is { } block && block.Hash == hash) Hit("block", $"{at}", "headerHash", block.Hash.ToString());
        }

        foreach (var leaf in Things.Find(sql, KeyKind.Payload, Things.Hash(KeyKind.Payload, 0, bytes)))
        {
            var payload = sql["SELECT payload FROM entries WHERE leaf=?1"].With(leaf).First<byte[]>(static row => row.Bytes(0), []);
            if (payload.AsSpan().SequenceEqual(bytes)) Entry(leaf, "payloadHash");
        }

        // The transaction's own hash is kept only as its 64 bits: a stranger's text with the same ones would be found too, and what is found shows its hash.
        foreach (var leaf in Things.Find(sql, KeyKind.Transaction, Things.Hash(KeyKind.Transaction, 0, bytes))) Entry(leaf, "transactionHash");
    }

    void Ids(string text)
    {
        if (!Id<Transaction>.TryParse(text, out var id)) return;
        foreach (var (section, type) in Nouns)
        {
            var key = section == Section.Pledges ? new ThingKey(section, ThingKey.Of(Section.Offers, id.Value).Key) : ThingKey.Of(section, id.Value);
            if (IsThere(key)) Hit(type, text, "id", "");
        }

        var bytes = new byte[Id<Transaction>.Size];
        id.Write(bytes);
        foreach (var leaf in Things.Find(sql, KeyKind.TransactionId, Things.Hash(KeyKind.TransactionId, 0, bytes)))
        {
            var known = sql["SELECT id FROM entries WHERE leaf=?1"].With(leaf).First<byte[]>(static row => row.Bytes(0), []);
            if (known.AsSpan().SequenceEqual(bytes)) Entry(leaf, "transactionId");
        }
    }

    // USCC or LEI, alone or with the number of a key.
    void Parties(string text)
    {
        var mark = text.IndexOf('#', StringComparison.Ordinal);
        if (!PartyId.TryParse(mark < 0 ? text : text[..mark], out var party) || !IsThere(ThingKey.Of(party))) return;
        Party(Things.Find(sql, party), party.IsUscc ? "uscc" : "lei");
        if (mark >= 0 && uint.TryParse(text[(mark + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && IsThere(ThingKey.Of(new KeyId(party, number)))) Hit("key", $"{party}#{number}", "key", "");
    }

    // Thirty digits, and perhaps the interval of a sub-bill behind them, as the register writes both.
    void Packages(string text)
    {
        const int digits = 30;
        var number = new StringBuilder();
        var rest = 0;
        for (; rest < text.Length && number.Length < digits && (char.IsAsciiDigit(text[rest]) || text[rest] == ' '); rest++)
        {
            if (text[rest] != ' ') number.Append(text[rest]);
        }

        if (number.Length != digits || InstrumentOf(number.ToString()) is not { } instrument) return;
        var behind = text[rest..].Trim(' ', '-', ',', '/', ':');
        if (behind.Length == 0)
        {
            Hit("instrument", instrument.ToString(), "packageNumber", number.ToString());
            return;
        }

        if (!Interval.TryParse(string.Concat(behind.Where(static c => c != ' ')), out var units)) return;
        var holders = sql["""
            SELECT DISTINCT p.key FROM tokens t JOIN things p ON p.thing=t.holder
            WHERE t.instrument=?1 AND t.from_height<=?2 AND t.to_height>?2 AND t.first<=?3 AND t.last>=?4 ORDER BY t.first
            """].With(Things.Find(sql, ThingKey.Of(instrument))).With(height).With(units.Last).With(units.First).All(static row => Lists.PartyIn(row.Bytes(0)));
        if (holders.Count > 0) Hit("token", $"{instrument}:{units}", "packageNumberAndInterval", string.Join(' ', holders));
    }

    void Texts(string text)
    {
        if (InstrumentOf(text) is { } instrument && text.Length != 30) Hit("instrument", instrument.ToString(), "platformNumber", text);
        var start = ThingKey.OfBankReference(text);
        foreach (var thing in Things.Find(sql, KeyKind.BankReference, Things.Hash(KeyKind.BankReference, 0, start.Span)))
        {
            if (Things.KeyOf(sql, thing) is not { } key || !key.Key.Span.StartsWith(start.Span) || Value(key) is not { } reference) continue;

            // A bank, and the act that spent it.
            var act = ThingKey.IdIn(reference.AsSpan(0, reference.Length - sizeof(ulong)));
            foreach (var (section, type) in Nouns)
            {
                if (section is Section.Payments or Section.Financings or Section.Offers && IsThere(ThingKey.Of(section, act)))
                    Hit(type, new Id<Transaction>(act).ToString(), "bankReference", text);
            }
        }

        if (Value(ThingKey.OfMessage(text)) is { } message)
            Hit("instrument", Id<Instrument>.Read(message).ToString(), "registerMessage", text);
    }

    void Documents(string text)
    {
        foreach (var fingerprint in fingerprints?.Invoke(text) ?? [])
        {
            if (Value(ThingKey.Of(fingerprint)) is { } id) Hit("document", Id<Document>.Read(id).ToString(), "documentNumber", fingerprint.Scheme);
        }
    }

    void Names(string text)
    {
        // Two characters are a common way to name a Chinese company, and too few for the index: then every name is looked at.
        var found = new StringInfo(text).LengthInTextElements >= ShortestTrigram
            ? sql["SELECT rowid FROM names WHERE names MATCH ?1 ORDER BY rowid LIMIT ?2"].With($"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"").With(MostHits)
            : sql["SELECT thing FROM parties WHERE instr(lower(name), lower(?1))>0 ORDER BY thing LIMIT ?2"].With(text).With(MostHits);
        foreach (var thing in found.All(static row => row.Long(0))) Party(thing, "name");
    }

    Id<Instrument>? InstrumentOf(string number) => Value(ThingKey.OfNumber(number)) is { } id ? Id<Instrument>.Read(id) : null;

    byte[]? Value(ThingKey key) => Things.Find(sql, key) is var thing and > 0
        ? sql["SELECT value FROM versions WHERE thing=?1 AND height<=?2 ORDER BY height DESC LIMIT 1"].With(thing).With(height)
            .First<byte[]?>(static row => row.IsNull(0) ? null : row.Bytes(0), null)
        : null;

    bool IsThere(ThingKey key) =>
        Things.Find(sql, key) is var thing and > 0 && sql["SELECT height FROM things WHERE thing=?1"].With(thing).Number(long.MaxValue) <= (long)height;

    void Party(long thing, string why)
    {
        var (id, name, since) = sql["SELECT id, name, height FROM parties WHERE thing=?1"].With(thing).First(static row => (row.Text(0), row.Text(1), row.ULong(2)), ("", "", ulong.MaxValue));
        if (since <= height && !hits.Any(hit => hit.Type == "party" && hit.Key == id)) Hit("party", id, why, name);
    }

    void Entry(long leaf, string why)
    {
        var (at, verbs) = sql["SELECT height, verbs FROM entries WHERE leaf=?1"].With(leaf).First(static row => (row.ULong(0), row.Text(1)), (ulong.MaxValue, ""));
        if (at <= height) Hit("entry", $"{leaf}", why, verbs);
    }

    void Hit(string type, string key, string why, string text) => hits.Add(new(type, key, why, text));
}
