using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Reads and writes points as rows of the database.</summary>
internal static class PointRows
{
    /// <summary>The columns that <see cref="Read"/> expects, in this order.</summary>
    public const string Columns =
        "slot, id, generation, epoch, document_id, chunk, start_char, end_char, start_line, end_line, indexed_at, metadata, text, sum, title, headings";

    private const string Values =
        "@slot, @id, @generation, @epoch, @document, @chunk, @startChar, @endChar, @startLine, @endLine, @at, @metadata, @text, @sum, @title, @headings";

    private const string InsertSql = $"INSERT INTO points (scope, {Columns}) VALUES (@scope, {Values})";
    private const string UpdateSql = $"UPDATE points SET ({Columns}) = ({Values}) WHERE scope = @scope AND id = @id";

    /// <summary>Slot, generation and epoch of the stored point with this id; null when there is none.</summary>
    public static (long Slot, long Generation, long Epoch)? Find(SqliteSession session, long scope, byte[] id)
    {
        using var row = session.Rows("SELECT slot, generation, epoch FROM points WHERE scope = @scope AND id = @id", ("@scope", scope), ("@id", id));
        return row.Read() ? (row.Integer(0), row.Integer(1), row.Integer(2)) : null;
    }

    public static void Insert(SqliteSession session, long scope, int slot, PreparedPoint point) => Write(session, InsertSql, scope, slot, point);

    public static void Replace(SqliteSession session, long scope, int slot, PreparedPoint point) => Write(session, UpdateSql, scope, slot, point);

    /// <summary>The slot of a row with the checksum of its vector, and the point without its vector.</summary>
    public static (VectorPlace Place, StoredPoint Point) Read(SqliteDataReader row, CollectionKey scope) => (
        new(row.GetInt32(0), row.IsDBNull(13) ? null : row.GetInt64(13)),
        new(
            new Guid(row.GetFieldValue<byte[]>(1), bigEndian: true),
            new()
            {
                Scope = scope,
                Generation = row.GetInt64(2),
                Epoch = row.GetInt64(3),
                DocumentId = row.GetString(4),
                Chunk = row.GetInt32(5),
                StartChar = row.GetInt32(6),
                EndChar = row.GetInt32(7),
                StartLine = row.GetInt32(8),
                EndLine = row.GetInt32(9),
                IndexedAt = new(row.GetInt64(10), TimeSpan.Zero),
                Metadata = row.IsDBNull(11) ? ImmutableDictionary<string, string>.Empty : MetadataJson.Read(row.GetFieldValue<byte[]>(11)),
                Text = row.GetString(12),
                Title = row.IsDBNull(14) ? null : row.GetString(14),
                Headings = row.IsDBNull(15) ? [] : MetadataJson.ReadList(row.GetString(15)),
            },
            ReadOnlyMemory<float>.Empty));

    private static void Write(SqliteSession session, string sql, long scope, int slot, PreparedPoint point)
    {
        var payload = point.Payload;
        session.Execute(
            sql,
            ("@scope", scope),
            ("@slot", slot),
            ("@id", point.Id),
            ("@generation", payload.Generation),
            ("@epoch", payload.Epoch),
            ("@document", payload.DocumentId),
            ("@chunk", payload.Chunk),
            ("@startChar", payload.StartChar),
            ("@endChar", payload.EndChar),
            ("@startLine", payload.StartLine),
            ("@endLine", payload.EndLine),
            ("@at", payload.IndexedAt.UtcTicks),
            ("@metadata", point.Metadata),
            ("@text", payload.Text),
            ("@sum", VectorSum.Of(point.Row)),
            ("@title", payload.Title),
            ("@headings", point.Headings));
    }
}

/// <summary>Where a point's vector is, and what it must be.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Sum">The checksum; null for a point of an earlier version.</param>
internal readonly record struct VectorPlace(int Slot, long? Sum);

/// <summary>The checksum of a vector in its file, kept in the database: so a damaged vector, or one of another copy of the file, is noticed.</summary>
internal static class VectorSum
{
    public static long Of(ReadOnlySpan<float> row) => (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(row));
}

/// <summary>A validated point in its stored form, created on the caller's thread so that the writing thread only writes.</summary>
/// <param name="Id">The id, big-endian, so that bytes sort as ids do.</param>
/// <param name="Row">The vector as a row.</param>
/// <param name="Payload">What is stored with the vector.</param>
/// <param name="Metadata">The stored form of the metadata.</param>
/// <param name="Headings">The stored form of the headings.</param>
/// <param name="Terms">The terms by which it is found.</param>
internal sealed record PreparedPoint(byte[] Id, float[] Row, PointPayload Payload, byte[]? Metadata, string? Headings, PointTerms Terms)
{
    /// <exception cref="ArgumentException">The point belongs to another scope.</exception>
    /// <exception cref="PermanentException">The vector does not fit the collection.</exception>
    public static PreparedPoint Create(VectorPoint point, PointScope scope, FlatLayout layout)
    {
        VectorStoreValidator.CheckScope(point, scope);
        return new(
            point.Id.ToByteArray(bigEndian: true),
            layout.CreateRow(point.Vector.Span),
            point.Payload,
            MetadataJson.Write(point.Payload.Metadata),
            MetadataJson.WriteList(point.Payload.Headings),
            PointTerms.Of(point.Payload.Text, point.Payload.Title, point.Payload.Headings));
    }
}
