using System.Text;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// Counts points by the values of a field inside SQLite, whose sorter goes to a temporary file when there are many values: memory is
/// bounded however many there are.
/// </summary>
internal static class FacetSql
{
    private const string ValueFunction = "facet_value";
    private const string FilterFunction = "facet_passes";

    /// <summary>The values that most points of a scope have.</summary>
    /// <param name="session">A reading connection, at no other statement.</param>
    /// <param name="scope">The scope's number.</param>
    /// <param name="request">What to count.</param>
    public static IReadOnlyList<FacetValue> Read(SqliteSession session, long scope, FacetRequest request)
    {
        List<string> conditions = ["scope = @scope"];
        List<(string, object?)> parameters = [("@scope", scope), ("@limit", request.Limit)];
        if (request.Filter.TryGetValue(PayloadFields.DocumentId, out var document))
        {
            conditions.Add("document_id = @document");
            parameters.Add(("@document", document));
        }

        if (request.Filter.Remove(PayloadFields.DocumentId) is { IsEmpty: false } metadata)
        {
            session.Connection.CreateFunction(FilterFunction, (byte[]? stored) => stored is not null && MetadataJson.Matches(stored, metadata), isDeterministic: true);
            conditions.Add($"{FilterFunction}(metadata)");
        }

        var (expression, mark) = Value(session, request.Field);
        using var row = session.Rows(
            $"""
            SELECT {expression} AS value, count(*) AS points FROM points WHERE {string.Join(" AND ", conditions)}
            GROUP BY value HAVING value IS NOT NULL ORDER BY points DESC, value LIMIT @limit
            """,
            [.. parameters]);
        var values = new List<FacetValue>();
        while (row.Read())
        {
            values.Add(new(Encoding.UTF8.GetString(row.Blob(0)[mark..]), row.Integer(1)));
        }

        return FacetRules.Order(values);
    }

    /// <summary>What gives a point's value, and how many bytes come before the value itself.</summary>
    private static (string Expression, int Mark) Value(SqliteSession session, string field)
    {
        if (field is PayloadFields.DocumentId)
        {
            return ("document_id", 0);
        }

        if (field is PayloadFields.Generation)
        {
            return ("CAST(generation AS TEXT)", 0);
        }

        // An empty value would come out of a function as NULL, as if the field were not there: each has a byte before it.
        session.Connection.CreateFunction(
            ValueFunction, (byte[]? stored) => stored is not null && MetadataJson.Find(stored, field) is { } value ? (byte[])[0, .. value] : null, isDeterministic: true);
        return ($"{ValueFunction}(metadata)", 1);
    }
}
