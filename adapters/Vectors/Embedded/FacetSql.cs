using System.Text;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// Counts points by the values of a field inside SQLite, whose sorter spills many values to a temporary file: memory is bounded.
/// </summary>
internal static class FacetSql
{
    private const string ValueFunction = "facet_value";
    private const string FilterFunction = "facet_passes";

    /// <summary>Returns the most frequent values of a scope, most points first. The session must not be running another statement.</summary>
    public static IReadOnlyList<FacetValue> Read(SqliteSession session, long scope, FacetRequest request)
    {
        List<string> conditions = ["scope = @scope"];
        List<(string, object?)> parameters = [("@scope", scope), ("@limit", request.Limit)];
        if (request.Filter.TryGetValue(PayloadFields.DocumentId, out var document))
        {
            conditions.Add("document_id = @document");
            parameters.Add(("@document", document));
        }

        if (request.Filter.TryGetValue(PayloadFields.Title, out var title))
        {
            conditions.Add("title = @title");
            parameters.Add(("@title", title));
        }

        if (request.Filter.Remove(PayloadFields.DocumentId).Remove(PayloadFields.Title) is { IsEmpty: false } metadata)
        {
            session.Connection.CreateFunction(
                FilterFunction, (byte[]? stored) => stored is not null && MetadataJson.Matches(stored, metadata), isDeterministic: true);
            conditions.Add($"{FilterFunction}(metadata)");
        }

        var (expression, prefix) = Value(session, request.Field);
        using var row = session.Rows(
            $"""
            SELECT {expression} AS value, count(*) AS points FROM points WHERE {string.Join(" AND ", conditions)}
            GROUP BY value HAVING value IS NOT NULL ORDER BY points DESC, value LIMIT @limit
            """,
            [.. parameters]);
        var values = new List<FacetValue>();
        while (row.Read())
        {
            values.Add(new(Encoding.UTF8.GetString(row.Blob(0)[prefix..]), row.Integer(1)));
        }

        return VectorStoreValidator.Order(values);
    }

    /// <summary>The SQL expression of a point's value, and the number of bytes before the value in its result.</summary>
    private static (string Expression, int Prefix) Value(SqliteSession session, string field)
    {
        if (field is PayloadFields.DocumentId or PayloadFields.Title)
        {
            return (field, 0);
        }

        if (field is PayloadFields.Generation)
        {
            return ("CAST(generation AS TEXT)", 0);
        }

        // A function returns an empty blob as NULL, which means a missing field: each value is prefixed with one byte.
        session.Connection.CreateFunction(
            ValueFunction,
            (byte[]? stored) => stored is not null && MetadataJson.Find(stored, field) is { } value ? (byte[])[0, .. value] : null,
            isDeterministic: true);
        return ($"{ValueFunction}(metadata)", 1);
    }
}
