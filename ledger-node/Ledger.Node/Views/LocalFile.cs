namespace Ledger.Node.Views;

/// <summary>
/// What is this node's own and must last, for no chain tells it: SQLite with a log written ahead, flushed at every commit. A file is open only while
/// it is read or written, so that between two changes it is one file that can be copied.
/// </summary>
static class LocalFile
{
    /// <summary>Opens the file, or makes it, with these tables; a <see cref="ViewsFault"/> says what stands against it.</summary>
    public static Sql Open(string path, string tables)
    {
        var sql = Sql.Open(path, write: true, create: true);
        try
        {
            sql.Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + tables);
            return sql;
        }
        catch
        {
            sql.Dispose();
            throw;
        }
    }

    /// <summary>Changes what such a file holds; returns when that lasts. What cannot be kept is an <see cref="IOException"/> and changes nothing.</summary>
    public static void Change(string path, string tables, Action<Sql> change)
    {
        try
        {
            using var sql = Open(path, tables);
            change(sql);
        }
        catch (ViewsFault fault)
        {
            throw new IOException(fault.Message, fault);
        }
    }

    /// <summary>Whether every page is what it should be and every value of its column's type.</summary>
    public static bool IsWhole(Sql sql) => sql["PRAGMA integrity_check"].First(static row => row.Text(0), "") == "ok";
}
