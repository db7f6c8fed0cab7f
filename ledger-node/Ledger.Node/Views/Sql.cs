using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ledger.Node.Views;

/// <summary>What SQLite says when a file cannot be read or written: the views are then rebuilt, and the ledger goes on.</summary>
sealed class ViewsFault(string message, int code) : Exception(message)
{
    /// <summary>SQLite's own number of what went wrong.</summary>
    public int Code { get; } = code;

    /// <summary>Whether it tells of the machine and not of the file: another attempt may go well.</summary>
    public bool MayPass => Code is raw.SQLITE_PERM or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_READONLY or raw.SQLITE_INTERRUPT
        or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN or raw.SQLITE_PROTOCOL || IsOfTheDevice;

    /// <summary>Whether reading or writing itself failed, which a damaged file can bring about as well.</summary>
    public bool IsOfTheDevice => Code == raw.SQLITE_IOERR;
}

/// <summary>
/// One connection with the statements that were prepared on it. Statements go straight to the engine: a command object a row costs more than the row.
/// One thread at a time.
/// </summary>
sealed class Sql : IDisposable
{
    // Nobody but this process writes these files: who must wait longer met a stranger's lock, and tries again later.
    const int MillisecondsForALock = 1_000;

    readonly SqliteConnection connection;
    readonly Dictionary<string, Statement> prepared = new(StringComparer.Ordinal);

    Sql(SqliteConnection connection) => this.connection = connection;

    public static Sql Open(string path, bool write, bool create = false)
    {
        var mode = create ? SqliteOpenMode.ReadWriteCreate : write ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, MillisecondsForALock);
            return new(connection);
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw new ViewsFault(fault.Message, fault.SqliteErrorCode);
        }
    }

    /// <summary>The statement of a text, prepared once; it is ready to be bound.</summary>
    public Statement this[string text]
    {
        get
        {
            if (prepared.TryGetValue(text, out var known)) return known.Again();
            var code = raw.sqlite3_prepare_v2(connection.Handle, text, out var statement);
            if (code != raw.SQLITE_OK) throw Fault(code);
            return prepared[text] = new(this, statement);
        }
    }

    /// <summary>How many steps the engine has taken for what was asked here: the time of an answer, the same on every machine.</summary>
    public long Steps => prepared.Values.Sum(static statement => statement.Steps);

    /// <summary>Lets go of every row that is still open: a reader that keeps one keeps the whole file as it was then.</summary>
    public void Rest()
    {
        foreach (var statement in prepared.Values) statement.Again();
    }

    /// <summary>Runs statements that answer nothing.</summary>
    public void Run(string text)
    {
        var code = raw.sqlite3_exec(connection.Handle, text);
        if (code != raw.SQLITE_OK) throw Fault(code);
    }

    public ViewsFault Fault(int code) => new($"SQLite {code}: {raw.sqlite3_errmsg(connection.Handle).utf8_to_string()}", code);

    public void Dispose()
    {
        foreach (var statement in prepared.Values) statement.Dispose();
        prepared.Clear();
        connection.Dispose();
    }
}

/// <summary>A prepared statement: bound from left to right, then run once or read row by row.</summary>
sealed class Statement(Sql sql, sqlite3_stmt statement) : IDisposable
{
    int bound;

    public Statement Again()
    {
        raw.sqlite3_reset(statement);
        bound = 0;
        return this;
    }

    public Statement With(long value) => Bound(raw.sqlite3_bind_int64(statement, ++bound, value));

    public Statement With(ulong value) => With((long)value);

    public Statement With(string value) => Bound(raw.sqlite3_bind_text(statement, ++bound, value));

    public Statement With(ReadOnlySpan<byte> value) => Bound(raw.sqlite3_bind_blob(statement, ++bound, value));

    public Statement WithNull() => Bound(raw.sqlite3_bind_null(statement, ++bound));

    public void Run()
    {
        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) throw sql.Fault(code);
    }

    public bool Next()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        raw.sqlite3_reset(statement);
        return code == raw.SQLITE_DONE ? false : throw sql.Fault(code);
    }

    /// <summary>The number in the first column of the only row, or what is said for none.</summary>
    public long Number(long none = 0)
    {
        if (!Next()) return none;
        var value = IsNull(0) ? none : Long(0);
        raw.sqlite3_reset(statement);
        return value;
    }

    /// <summary>The first row, made into something, or what is said for none.</summary>
    public T First<T>(Func<Statement, T> make, T none)
    {
        if (!Next()) return none;
        var made = make(this);
        raw.sqlite3_reset(statement);
        return made;
    }

    public long Steps => raw.sqlite3_stmt_status(statement, raw.SQLITE_STMTSTATUS_VM_STEP, 0);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public ulong ULong(int column) => (ulong)Long(column);

    public int Int(int column) => (int)Long(column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    /// <summary>Every row, made into something.</summary>
    public List<T> All<T>(Func<Statement, T> make)
    {
        var all = new List<T>();
        while (Next()) all.Add(make(this));
        return all;
    }

    public void Dispose() => statement.Dispose();

    Statement Bound(int code) => code == raw.SQLITE_OK ? this : throw sql.Fault(code);
}
