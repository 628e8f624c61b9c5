using System.Globalization;
using System.Text;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Lexical;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The terms of a point, as its full-text index has them.</summary>
/// <param name="Text">Those of the chunk's text, separated by spaces.</param>
/// <param name="Context">Those of the chunk's title and headings.</param>
internal readonly record struct PointTerms(string Text, string Context)
{
    public static PointTerms Of(string text, string? title, ImmutableArray<string> headings) =>
        new(LexicalTerms.Write(text), string.IsNullOrEmpty(title) && headings.IsEmpty ? "" : LexicalTerms.Write(string.Join('\n', [title, .. headings])));
}

/// <summary>
/// The full-text index of a collection: an FTS5 table for each scope, so that the weights of terms and the cost of a search depend on the points of
/// that scope alone. It changes in the transaction that changes the points. It keeps terms and no text: what removes a point's terms from it is the
/// same terms again, made from the stored text. Points that are not indexed yet are in the table <c>unindexed</c>.
/// </summary>
internal static class LexicalTables
{
    /// <summary>The columns of a point that its terms are made from.</summary>
    public const string TermColumns = "text, title, headings";

    /// <summary>
    /// Makes an index with other terms than today's an empty one that <see cref="FillSome"/> fills: that of a collection that had none, or whose terms
    /// were made by other rules.
    /// </summary>
    public static void Prepare(SqliteSession session)
    {
        if (HasTodaysTerms(session))
        {
            return;
        }

        foreach (var scope in Scopes(session))
        {
            Drop(session, scope);
        }

        session.Execute("INSERT OR IGNORE INTO unindexed SELECT slot FROM points INDEXED BY points_by_id ORDER BY slot");
        session.Execute("UPDATE meta SET lexical = @version", ("@version", LexicalTerms.Version));
    }

    /// <summary>Marks a database whose points were copied without their full-text index, so that <see cref="Prepare"/> fills it again.</summary>
    public static void Forget(SqliteSession session)
    {
        session.Execute("DELETE FROM unindexed");
        session.Execute("UPDATE scopes SET lexical = 0");
        session.Execute("UPDATE meta SET lexical = 0");
    }

    /// <summary>Whether the index has today's terms; those of another version find the wrong points.</summary>
    public static bool HasTodaysTerms(SqliteSession session) =>
        session.Scalar("SELECT lexical FROM meta") is { } version && Convert.ToInt64(version, CultureInfo.InvariantCulture) == LexicalTerms.Version;

    /// <summary>The share of points that are indexed, 0 to below 1; null when all are.</summary>
    public static double? ReadProgress(SqliteSession session)
    {
        var missing = Count(session, "SELECT count(*) FROM unindexed");
        return missing == 0 ? null : 1 - ((double)missing / Math.Max(missing, Count(session, "SELECT count(*) FROM points INDEXED BY points_by_id")));
    }

    /// <summary>Creates the index of a scope when it is missing.</summary>
    public static void Ensure(SqliteSession session, long scope)
    {
        if (Exists(session, scope))
        {
            return;
        }

        // Terms come separated by spaces; all other characters are part of them.
        session.Execute($"""CREATE VIRTUAL TABLE {Name(scope)} USING fts5(text, context, content='', tokenize="ascii tokenchars '_.'")""");
        session.Execute($"CREATE VIRTUAL TABLE {Name(scope)}_terms USING fts5vocab({Name(scope)}, row)");
        session.Execute("UPDATE scopes SET lexical = 1 WHERE scope = @scope", ("@scope", scope));
    }

    public static bool Exists(SqliteSession session, long scope) =>
        session.Scalar("SELECT 1 FROM scopes WHERE scope = @scope AND lexical = 1", ("@scope", scope)) is not null;

    /// <summary>Drops the index of a scope without points, with the traces that deleted ones left in it.</summary>
    public static void DropWhenEmpty(SqliteSession session, long scope)
    {
        if (Exists(session, scope) && session.Scalar("SELECT 1 FROM points INDEXED BY points_by_id WHERE scope = @scope LIMIT 1", ("@scope", scope)) is null)
        {
            Drop(session, scope);
        }
    }

    /// <summary>Adds a point to the index of its scope, which exists.</summary>
    public static void Add(SqliteSession session, long scope, long slot, PointTerms terms) =>
        session.Execute(
            $"INSERT INTO {Name(scope)} (rowid, text, context) VALUES (@slot, @text, @context)",
            ("@slot", slot),
            ("@text", terms.Text),
            ("@context", terms.Context));

    /// <summary>Removes a point from the index.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="scope">Its scope.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="terms">The terms with which it was added.</param>
    public static void Remove(SqliteSession session, long scope, long slot, PointTerms terms)
    {
        if (session.Execute("DELETE FROM unindexed WHERE slot = @slot", ("@slot", slot)) == 0)
        {
            session.Execute(
                $"INSERT INTO {Name(scope)} ({Name(scope)}, rowid, text, context) VALUES ('delete', @slot, @text, @context)",
                ("@slot", slot),
                ("@text", terms.Text),
                ("@context", terms.Context));
        }
    }

    /// <summary>Moves a point to another slot; before the point itself is moved.</summary>
    public static void Move(SqliteSession session, long from, long to)
    {
        if (session.Execute("UPDATE unindexed SET slot = @to WHERE slot = @from", ("@to", to), ("@from", from)) == 0
            && Read(session, from) is var (scope, terms))
        {
            Remove(session, scope, from, terms);
            Add(session, scope, to, terms);
        }
    }

    /// <summary>The scope and the terms of a stored point; null when the slot is empty.</summary>
    public static (long Scope, PointTerms Terms)? Read(SqliteSession session, long slot)
    {
        using var row = session.Rows($"SELECT scope, {TermColumns} FROM points WHERE slot = @slot", ("@slot", slot));
        return row.Read() ? (row.Integer(0), ReadTerms(row, 1)) : null;
    }

    /// <summary>The terms of a stored point.</summary>
    /// <param name="row">A row with <see cref="TermColumns"/>.</param>
    /// <param name="first">The number of the first of them.</param>
    public static PointTerms ReadTerms(SqliteRows row, int first) => PointTerms.Of(
        Encoding.UTF8.GetString(row.Blob(first)),
        Encoding.UTF8.GetString(row.Blob(first + 1)),
        row.Blob(first + 2) is { IsEmpty: false } headings ? MetadataJson.ReadList(Encoding.UTF8.GetString(headings)) : []);

    /// <summary>Adds points that are not indexed yet.</summary>
    /// <param name="session">The connection, in a transaction.</param>
    /// <param name="limit">The most points.</param>
    /// <returns>How many were added; 0 when none is left.</returns>
    public static int FillSome(SqliteSession session, int limit)
    {
        List<(long Slot, long Scope, PointTerms Terms)> points = [];
        using (var row = session.Rows($"SELECT slot, scope, {TermColumns} FROM unindexed JOIN points USING (slot) ORDER BY slot LIMIT @limit", ("@limit", limit)))
        {
            while (row.Read())
            {
                points.Add((row.Integer(0), row.Integer(1), ReadTerms(row, 2)));
            }
        }

        foreach (var (slot, scope, terms) in points)
        {
            Ensure(session, scope);
            Add(session, scope, slot, terms);
            session.Execute("DELETE FROM unindexed WHERE slot = @slot", ("@slot", slot));
        }

        return points.Count;
    }

    /// <summary>Rewrites each index without traces of deleted points.</summary>
    public static void Optimize(SqliteSession session)
    {
        foreach (var scope in Scopes(session))
        {
            session.Execute($"INSERT INTO {Name(scope)} ({Name(scope)}) VALUES ('optimize')");
        }
    }

    /// <summary>The FTS5 table of a scope. The number is Quiver's own, never part of a request.</summary>
    public static string Name(long scope) => string.Create(CultureInfo.InvariantCulture, $"lexical_{scope}");

    private static void Drop(SqliteSession session, long scope)
    {
        session.Execute($"DROP TABLE {Name(scope)}_terms");
        session.Execute($"DROP TABLE {Name(scope)}");
        session.Execute("UPDATE scopes SET lexical = 0 WHERE scope = @scope", ("@scope", scope));
    }

    private static List<long> Scopes(SqliteSession session)
    {
        List<long> scopes = [];
        using var row = session.Rows("SELECT scope FROM scopes WHERE lexical = 1");
        while (row.Read())
        {
            scopes.Add(row.Integer(0));
        }

        return scopes;
    }

    private static long Count(SqliteSession session, string sql) => Convert.ToInt64(session.Scalar(sql), CultureInfo.InvariantCulture);
}
