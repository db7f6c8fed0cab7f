using Ledger.Core.Primitives;

namespace Ledger.Node.Views;

/// <summary>
/// The tables of the read model. Everything that the ledger names has a rising integer (<c>things</c>), and every table is ordered by such integers.
/// What changes with time is kept as rows that say from which height on and until just before which they are true. Random keys (ids, hashes, texts) are
/// found by a 64-bit hash in <c>keys</c>, which is cut into buckets of the history, so that what is written is always near what was written last. Tables
/// are strict: a value of another type than its column's is refused, where the engine would otherwise keep whatever it is given.
/// </summary>
static class ViewsSchema
{
    public const int Version = 7;

    /// <summary>The one row that no other file of the same chain has.</summary>
    const string File = "file";

    /// <summary>The <c>to_height</c> of what is true now.</summary>
    public const long Now = long.MaxValue;

    const string Tables = """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE blocks(height INTEGER PRIMARY KEY, time INTEGER NOT NULL, first_leaf INTEGER NOT NULL, entries INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
        CREATE TABLE things(thing INTEGER PRIMARY KEY, section INTEGER NOT NULL, key BLOB NOT NULL, height INTEGER NOT NULL) STRICT;
        CREATE INDEX things_of ON things(section);
        CREATE TABLE keys(bucket INTEGER NOT NULL, hash INTEGER NOT NULL, kind INTEGER NOT NULL, target INTEGER NOT NULL,
            PRIMARY KEY(bucket, hash, kind, target)) STRICT, WITHOUT ROWID;
        CREATE TABLE versions(thing INTEGER NOT NULL, height INTEGER NOT NULL, value BLOB, PRIMARY KEY(thing, height)) STRICT, WITHOUT ROWID;
        CREATE TABLE tokens(instrument INTEGER NOT NULL, first INTEGER NOT NULL, from_height INTEGER NOT NULL, to_height INTEGER NOT NULL,
            last INTEGER NOT NULL, holder INTEGER NOT NULL, state INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY(instrument, first, from_height)) STRICT, WITHOUT ROWID;
        CREATE INDEX tokens_held ON tokens(holder, to_height, instrument, first);
        CREATE TABLE lists(list INTEGER NOT NULL, owner INTEGER NOT NULL, to_height INTEGER NOT NULL, thing INTEGER NOT NULL, from_height INTEGER NOT NULL,
            PRIMARY KEY(list, owner, to_height, thing)) STRICT, WITHOUT ROWID;
        CREATE INDEX lists_of ON lists(thing, list, owner, to_height);
        CREATE TABLE parts(party INTEGER NOT NULL, section INTEGER NOT NULL, thing INTEGER NOT NULL, lasting INTEGER NOT NULL,
            PRIMARY KEY(party, section, thing)) STRICT, WITHOUT ROWID;
        CREATE TABLE entries(leaf INTEGER PRIMARY KEY, height INTEGER NOT NULL, party INTEGER NOT NULL, principal INTEGER NOT NULL, id BLOB NOT NULL,
            payload BLOB NOT NULL, code INTEGER NOT NULL, operation INTEGER NOT NULL, verbs TEXT NOT NULL) STRICT;
        CREATE TABLE attempts(leaf INTEGER PRIMARY KEY, party INTEGER NOT NULL, code INTEGER NOT NULL, height INTEGER NOT NULL) STRICT;
        CREATE INDEX attempts_of ON attempts(party);
        CREATE TABLE touches(thing INTEGER NOT NULL, leaf INTEGER NOT NULL, number INTEGER NOT NULL, named INTEGER NOT NULL,
            PRIMARY KEY(thing, leaf, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE deadlines(party INTEGER NOT NULL, leaf INTEGER NOT NULL, number INTEGER NOT NULL, height INTEGER NOT NULL, type TEXT NOT NULL,
            subject INTEGER NOT NULL, PRIMARY KEY(party, leaf, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE legs(instrument INTEGER NOT NULL, number INTEGER NOT NULL, part INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            act BLOB NOT NULL, cause INTEGER NOT NULL, giver INTEGER NOT NULL, taker INTEGER NOT NULL, depth INTEGER NOT NULL, height INTEGER NOT NULL,
            leaf INTEGER NOT NULL, PRIMARY KEY(instrument, number, part)) STRICT, WITHOUT ROWID;
        CREATE INDEX legs_given ON legs(giver, instrument);
        CREATE TABLE parties(thing INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, region TEXT NOT NULL, chain TEXT NOT NULL, sponsor INTEGER NOT NULL,
            height INTEGER NOT NULL) STRICT;
        CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram');
        CREATE TABLE instruments(thing INTEGER PRIMARY KEY, kind INTEGER NOT NULL, obligor INTEGER NOT NULL, creditor INTEGER NOT NULL, currency TEXT NOT NULL,
            height INTEGER NOT NULL) STRICT;
        CREATE TABLE documents(thing INTEGER PRIMARY KEY, kind INTEGER NOT NULL, seller INTEGER NOT NULL, buyer INTEGER NOT NULL, currency TEXT NOT NULL,
            total INTEGER NOT NULL, day INTEGER NOT NULL, attester INTEGER NOT NULL, height INTEGER NOT NULL) STRICT;
        CREATE INDEX documents_near ON documents(seller, buyer, kind, total);
        CREATE TABLE near(number INTEGER PRIMARY KEY, one INTEGER NOT NULL, other INTEGER NOT NULL, grade INTEGER NOT NULL, height INTEGER NOT NULL) STRICT;
        CREATE TABLE near_of(attester INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(attester, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE flows(number INTEGER PRIMARY KEY, flow INTEGER NOT NULL, height INTEGER NOT NULL, instrument INTEGER NOT NULL, party INTEGER NOT NULL,
            obligor INTEGER NOT NULL, bank INTEGER NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL) STRICT;
        CREATE INDEX flows_by ON flows(party);
        CREATE INDEX flows_on ON flows(obligor);
        CREATE INDEX flows_at ON flows(bank);
        CREATE INDEX flows_of ON flows(instrument);
        """;

    /// <summary>Makes the tables in an empty file.</summary>
    public static void Create(Sql sql, Hash256 chain)
    {
        Configure(sql);
        sql.Run("BEGIN");
        sql.Run(Tables);
        Set(sql, "chain", chain.ToString());
        Set(sql, "schema", $"{Version}");
        Set(sql, File, $"{Guid.NewGuid():N}");
        sql.Run("COMMIT");
    }

    /// <summary>As every writing connection has it. What a power cut takes is fed or rebuilt again, so the write-ahead log need not be flushed.</summary>
    public static void Configure(Sql sql) =>
        sql.Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;");

    /// <summary>Whether the file is whole and is this chain's in this schema; otherwise why not.</summary>
    public static bool Fits(Sql sql, Hash256 chain, out string why)
    {
        why = "damaged";
        if (sql["PRAGMA quick_check(1)"].First(static row => row.Text(0), "") != "ok") return false;
        if (Get(sql, "schema") != $"{Version}") why = "another schema";
        else if (Get(sql, "chain") != chain.ToString()) why = "another chain";
        else return true;
        return false;
    }

    /// <summary>By what a file is known again, wherever it lies and however it grows.</summary>
    public static string? IdOf(Sql sql) => Get(sql, File);

    public static string? Get(Sql sql, string name) =>
        sql["SELECT value FROM meta WHERE name=?1"].With(name).First<string?>(static row => row.Text(0), null);

    public static void Set(Sql sql, string name, string value) => sql["INSERT OR REPLACE INTO meta VALUES(?1,?2)"].With(name).With(value).Run();
}

/// <summary>Whether a party has a part in a thing, so far as the chain tells; what that lets it see is not said here.</summary>
public enum Involvement
{
    None,

    /// <summary>Only while something stands: an offer to it is open, a burden favours it.</summary>
    WhileItStands,

    /// <summary>For good: it is or was a side of it, held or gave units, was asked to finance them, or receipted a payment.</summary>
    Lasting,
}

/// <summary>What is listed under a party, or under another thing. Numbers are in the file.</summary>
enum ListOf
{
    OwedBy = 1,
    OwedTo = 2,

    /// <summary>Offers while they are open.</summary>
    OpenFrom = 3,
    OpenTo = 4,
    SoldBy = 5,
    BoughtBy = 6,
    AttestedBy = 7,
    Pledges = 8,
    Financings = 9,
    Lines = 10,
    PaymentsTo = 11,

    /// <summary>Under an instrument.</summary>
    PaymentsOn = 12,
    FinancingsOn = 13,

    /// <summary>Instruments of an obligor while they are held and not settled.</summary>
    Owing = 14,

    /// <summary>Financings of both sides while their money is out.</summary>
    Lent = 15,

    /// <summary>Financings that wait for their financier.</summary>
    Applied = 16,

    /// <summary>Under an instrument: freezes while they stand.</summary>
    Freezes = 17,

    /// <summary>Claims that the obligor was asked to confirm and did not answer.</summary>
    ToConfirm = 18,

    /// <summary>Payments that wait for a payee's word, under the payee and the bank that holds its account.</summary>
    Announced = 19,

    /// <summary>Measures while they can still be contested or decided, under everybody whom they concern.</summary>
    OpenMeasures = 20,

    /// <summary>Measures while those whom they are against, or their sponsors, can contest them.</summary>
    ToContest = 21,
}

/// <summary>What <c>keys</c> finds.</summary>
enum KeyKind
{
    Thing = 1,
    TransactionId = 2,
    Payload = 3,
    Transaction = 4,
    Header = 5,
    BankReference = 8,
}

/// <summary>Amounts that moved, by the entry that moved them.</summary>
enum Flow
{
    Requested = 1,
    Confirmed = 2,
    Disputed = 3,
    Issued = 4,
    Cancelled = 5,
    Transferred = 6,
    Financed = 7,
    Repaid = 8,
    Paid = 9,
    PaidBack = 10,
    Overdue = 11,
    Extinguished = 12,
}
