using Microsoft.Data.Sqlite;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Finds the slots whose payload has the wanted values, before any vector is looked at.</summary>
internal static class SlotFilter
{
    /// <summary>The slots that pass; null when there is no filter. Fields other than the document id are looked for in the metadata.</summary>
    public static SlotSet? Evaluate(FlatView view, long scope, ImmutableDictionary<string, string> filter)
    {
        if (filter.IsEmpty)
        {
            return null;
        }

        var document = filter.GetValueOrDefault(PayloadFields.DocumentId);
        var metadata = filter.Remove(PayloadFields.DocumentId).ToList();
        var slots = new SlotSet(view.Snapshot.Capacity);
        using var row = Query(view, scope, document);
        while (row.Read())
        {
            if (metadata.Count == 0 || (!row.IsDBNull(1) && MetadataJson.Matches(row.GetFieldValue<byte[]>(1), metadata)))
            {
                slots.Add(row.GetInt32(0));
            }
        }

        return slots;
    }

    private static SqliteDataReader Query(FlatView view, long scope, string? document) =>
        document is null
            ? view.Session.Query("SELECT slot, metadata FROM points WHERE scope = @scope", ("@scope", scope))
            : view.Session.Query("SELECT slot, metadata FROM points WHERE scope = @scope AND document_id = @document", ("@scope", scope), ("@document", document));
}
