using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Quiver.Core.Vectors;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Writes points as the server takes them.</summary>
internal static class PointMessages
{
    /// <summary>Adds as many points to a request as fit, and at least one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="points">The points.</param>
    /// <param name="from">The first point to add.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="maxBytes">The maximum size of a request with more than one point.</param>
    /// <returns>One past the last point added.</returns>
    public static int Add(Wire.UpsertPoints request, IReadOnlyList<VectorPoint> points, int from, int to, int maxBytes)
    {
        var bytes = 0;
        for (var next = from; next < to; next++)
        {
            var message = Create(points[next]);
            bytes += message.CalculateSize();
            if (next > from && bytes > maxBytes)
            {
                return next;
            }

            request.Points.Add(message);
        }

        return to;
    }

    private static Wire.PointStruct Create(VectorPoint point)
    {
        var message = new Wire.PointStruct
        {
            Id = new() { Uuid = point.Id.ToString() },
            Vectors = new() { Vectors_ = new() { Vectors = { [QdrantLayout.Vector] = CreateVector(point.Vector.Span) } } },
        };
        Write(message.Payload, point.Payload);
        return message;
    }

    /// <summary>The form that every supported server reads; <c>Vector.dense</c> is not known to the older ones.</summary>
    private static Wire.Vector CreateVector(ReadOnlySpan<float> vector)
    {
        var message = new Wire.Vector();
        // Deprecated in favor of a member that servers before 1.16 do not read.
        message.Data.AddRange(vector);
        return message;
    }

    private static void Write(MapField<string, Wire.Value> fields, PointPayload payload)
    {
        fields.Add(PayloadFields.Tenant, new() { StringValue = payload.Scope.Tenant.Value });
        fields.Add(PayloadFields.Collection, new() { StringValue = payload.Scope.Collection.Value });
        fields.Add(PayloadFields.DocumentId, new() { StringValue = payload.DocumentId });
        fields.Add(PayloadFields.Chunk, new() { IntegerValue = payload.Chunk });
        fields.Add(PayloadFields.Text, new() { StringValue = payload.Text });
        fields.Add(PayloadFields.StartChar, new() { IntegerValue = payload.StartChar });
        fields.Add(PayloadFields.EndChar, new() { IntegerValue = payload.EndChar });
        fields.Add(PayloadFields.StartLine, new() { IntegerValue = payload.StartLine });
        fields.Add(PayloadFields.EndLine, new() { IntegerValue = payload.EndLine });
        fields.Add(PayloadFields.Generation, new() { IntegerValue = payload.Generation });
        fields.Add(PayloadFields.Epoch, new() { IntegerValue = payload.Epoch });
        fields.Add(PayloadFields.IndexedAt, new() { StringValue = payload.IndexedAt.ToString("O", CultureInfo.InvariantCulture) });
        if (payload.Title is { } title)
        {
            fields.Add(PayloadFields.Title, new() { StringValue = title });
        }

        if (!payload.Headings.IsEmpty)
        {
            fields.Add(PayloadFields.Headings, new() { ListValue = new() { Values = { payload.Headings.Select(static heading => new Wire.Value { StringValue = heading }) } } });
        }

        foreach (var (name, value) in payload.Metadata)
        {
            fields.Add(name, new() { StringValue = value });
        }
    }
}
