using Ledger.Client.Disclosures;
using Ledger.Client.Text;
using Ledger.Core.Chain;
using Ledger.Core.DoublePledge;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using LiteDB;

namespace Ledger.Cli.Casebooks;

/// <summary>
/// An examiner's or a supplier's file of what was verified: entries, attempts, nouns and disclosures as documents of one LiteDB file. It is made anew
/// from a chain or from receipts at any time and holds nothing else, for LiteDB loses acknowledged writes when the power fails: until it is whole it has
/// another name.
/// </summary>
sealed class Casebook : IDisposable
{
    public const string Entries = "entries";
    public const string Attempts = "attempts";
    public const string Disclosures = "disclosures";
    const string About = "about";

    readonly LiteDatabase database;
    readonly string unfinished;
    readonly string path;

    public Casebook(string path)
    {
        this.path = path;
        unfinished = path + ".unfinished";
        File.Delete(unfinished);
        database = new(new ConnectionString { Filename = unfinished, Connection = ConnectionType.Direct });
    }

    /// <summary>Everything that a block recorded.</summary>
    public void Add(FoldedBlock block)
    {
        foreach (var answer in block.Answers)
        {
            if (answer is { Leaf: { } leaf, Transaction: { } signed }) Add(leaf, answer.Code, answer.Operation, signed, block.Block.Header.Height, block.Block.Header.Time);
        }
    }

    /// <summary>An entry that a receipt proves: where it lies, and no block's height or time.</summary>
    public void Add(ulong leaf, EntryLeaf entry, SignedTransaction signed) => Add(leaf, (Refusal)entry.Code, entry.OperationIndex, signed, null, null);

    /// <summary>The things that a state holds, each in the collection of its kind.</summary>
    public void Add(LedgerState state)
    {
        AddAll("parties", state.AllParties, party => party.Id.ToString());
        AddAll("documents", state.AllDocuments, document => document.Id.ToString());
        AddAll("instruments", state.AllInstruments, instrument => instrument.Id.ToString());
        AddAll("offers", state.AllOffers, offer => offer.Id.ToString());
        AddAll("financings", state.AllFinancings, financing => financing.Id.ToString());
        AddAll("lines", state.AllLines, line => line.Id.ToString());
        AddAll("payments", state.AllPayments, payment => payment.Id.ToString());
        foreach (var instrument in state.AllInstruments)
        {
            if (state.Tokens(instrument.Id) is not { } tokens) continue;
            foreach (var token in tokens.Span)
            {
                var document = CasebookJson.Document(token);
                document["_id"] = $"{instrument.Id}:{token.Units}";
                document["instrument"] = instrument.Id.ToString();
                document["currency"] = instrument.Currency.Code;
                database.GetCollection("tokens").Insert(document);
            }
        }
    }

    /// <summary>What was disclosed and found to be what was signed.</summary>
    public void Add(IEnumerable<DisclosureFile> files)
    {
        foreach (var file in files)
        {
            var terms = new BsonDocument();
            foreach (var (term, disclosure) in file.Set.All) terms[term.Name()] = term.Kind() == TermKind.Text ? disclosure.Value : long.Parse(disclosure.Value, System.Globalization.CultureInfo.InvariantCulture);
            database.GetCollection(Disclosures).Upsert(new BsonDocument
            {
                ["_id"] = $"{file.Party}:{file.Id}:{file.Operation}", ["party"] = file.Party.Text, ["transaction"] = file.Id.ToString(), ["operation"] = file.Operation, ["terms"] = terms,
            });
        }
    }

    /// <summary>Says what the file was made of, and gives it its name: only a casebook that is whole has one.</summary>
    public IReadOnlyList<(string Name, int Count)> Finish(Hash256 chain, ulong? height, string from)
    {
        database.GetCollection(About).Insert(new BsonDocument { ["_id"] = chain.ToString(), ["height"] = height is { } known ? new BsonValue((long)known) : BsonValue.Null, ["from"] = from });
        database.GetCollection(Entries).EnsureIndex("party");
        database.GetCollection(Entries).EnsureIndex("code");
        var counts = database.GetCollectionNames().Where(name => name != About).Order(StringComparer.Ordinal).Select(name => (name, database.GetCollection(name).Count())).ToArray();
        database.Checkpoint();
        database.Dispose();
        File.Move(unfinished, path, overwrite: true);
        return counts;
    }

    public void Dispose()
    {
        database.Dispose();
        File.Delete(unfinished);
    }

    void Add(ulong leaf, Refusal code, int operation, SignedTransaction signed, ulong? height, Timestamp? time)
    {
        var document = CasebookJson.Document(signed.Body);
        document["_id"] = (long)leaf;
        document["transaction"] = document["id"];
        document.Remove("id");
        document["code"] = (int)code;
        document["answerZh"] = RefusalText.Of(code, Facts.None, Language.Chinese, offsetMinutes: 0);
        document["answerEn"] = RefusalText.Of(code, Facts.None, Language.English, offsetMinutes: 0);
        if (code != Refusal.None) document["refusedOperation"] = operation;
        document["signers"] = new BsonArray(signed.Signers.Select(signer => new BsonValue(signer.ToString())));
        if (height is { } at) document["height"] = (long)at;
        if (time is { } when) document["time"] = when.UnixMilliseconds;
        database.GetCollection(Entries).Upsert(document);
        if (DoublePledgeCheck.IsAttempt(code)) database.GetCollection(Attempts).Upsert(document);
    }

    void AddAll<T>(string collection, IEnumerable<T> things, Func<T, string> id) => database.GetCollection(collection).InsertBulk(things.Select(thing =>
    {
        var document = CasebookJson.Document(thing);
        document["_id"] = id(thing);
        return document;
    }));
}
