using Ledger.Core.Primitives;

namespace Ledger.Node.Views;

/// <summary>What a person decided about something that was put before it, by whom and when.</summary>
public sealed record Review(string Subject, string Decision, string Note, string Reviewer, Timestamp At);

/// <summary>
/// The decisions of this node's people, in <c>local.db</c>. No chain tells them: the file belongs in the backup, and is never made anew. What is
/// decided again is added; nothing is taken away.
/// </summary>
public sealed class Reviews(string path)
{
    public const int LongestNote = 2_000;
    public static readonly IReadOnlyList<string> Decisions = ["same", "different", "watch"];

    const string Tables = """
        CREATE TABLE IF NOT EXISTS reviews(number INTEGER PRIMARY KEY, subject TEXT NOT NULL, decision TEXT NOT NULL, note TEXT NOT NULL,
            reviewer TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS reviews_of ON reviews(subject);
        """;

    readonly Lock gate = new();

    /// <summary>The subject under which a pair of documents is reviewed, whichever way round it is named.</summary>
    public static string SubjectOf(NearMatch match) => $"near:{match.One}:{match.Other}";

    /// <summary>False where it could not be kept; then nothing was.</summary>
    public bool TryAdd(Review review)
    {
        lock (gate)
        {
            try
            {
                using var sql = Open();
                sql["INSERT INTO reviews(subject, decision, note, reviewer, at) VALUES(?1,?2,?3,?4,?5)"].With(review.Subject).With(review.Decision).With(review.Note)
                    .With(review.Reviewer).With(review.At.UnixMilliseconds).Run();
                return true;
            }
            catch (Exception fault) when (fault is ViewsFault or IOException)
            {
                return false;
            }
        }
    }

    /// <summary>What was decided about a subject, oldest first; nothing where the file cannot be read.</summary>
    public IReadOnlyList<Review> Of(string subject)
    {
        lock (gate)
        {
            if (!File.Exists(path)) return [];
            try
            {
                using var sql = Open();
                return sql["SELECT subject, decision, note, reviewer, at FROM reviews WHERE subject=?1 ORDER BY number"].With(subject)
                    .All(static row => new Review(row.Text(0), row.Text(1), row.Text(2), row.Text(3), new(row.Long(4))));
            }
            catch (Exception fault) when (fault is ViewsFault or IOException)
            {
                return [];
            }
        }
    }

    Sql Open() => LocalFile.Open(path, Tables);
}
