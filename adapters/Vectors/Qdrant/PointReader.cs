using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Collections;
using Quiver.Core.Vectors;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Reads points from answers of the server; all must be of the requested scope.</summary>
internal static class PointReader
{
    /// <summary>Reads a hit of a query.</summary>
    /// <exception cref="FormatException">The point is not one of Quiver's.</exception>
    public static StoredPoint Read(Wire.ScoredPoint point, CollectionKey scope) => new(ReadId(point.Id), ReadPayload(point.Payload, scope), default, point.Score);

    /// <summary>Reads a point of a page.</summary>
    /// <exception cref="FormatException">The point is not one of Quiver's.</exception>
    public static StoredPoint Read(Wire.RetrievedPoint point, CollectionKey scope) =>
        new(ReadId(point.Id), ReadPayload(point.Payload, scope), ReadVector(point.Vectors));

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">It is a number, or missing.</exception>
    public static Guid ReadId(Wire.PointId? id) =>
        Guid.TryParse(id?.Uuid, out var parsed) ? parsed : throw new FormatException($"the point {id?.Num} has no UUID, so Quiver did not write it.");

    private static ReadOnlyMemory<float> ReadVector(Wire.VectorsOutput? vectors)
    {
        if (vectors?.Vectors is not { } named || !named.Vectors.TryGetValue(QdrantLayout.Vector, out var vector))
        {
            return default;
        }

        // Servers before 1.16 answer in the deprecated member.
        var data = vector.Dense?.Data ?? vector.Data;
        var numbers = new float[data.Count];
        data.CopyTo(numbers, 0);
        return numbers;
    }

    private static PointPayload ReadPayload(MapField<string, Wire.Value> payload, CollectionKey scope)
    {
        // The filter selects this scope only: a point of another scope is a server error, and must not be shown.
        if (Text(payload, PayloadFields.Tenant) != scope.Tenant.Value || Text(payload, PayloadFields.Collection) != scope.Collection.Value)
        {
            throw new PermanentException(ErrorCodes.Internal, "Qdrant returned a point of another tenant or collection: check the server.");
        }

        return new()
        {
            Scope = scope,
            DocumentId = Text(payload, PayloadFields.DocumentId),
            Chunk = (int)Number(payload, PayloadFields.Chunk),
            Text = Text(payload, PayloadFields.Text),
            Title = payload.TryGetValue(PayloadFields.Title, out var title) ? ReadText(title) : null,
            Headings = payload.TryGetValue(PayloadFields.Headings, out var headings) && headings.KindCase == Wire.Value.KindOneofCase.ListValue
                ? [.. headings.ListValue.Values.Select(ReadText)]
                : [],
            StartChar = (int)Number(payload, PayloadFields.StartChar),
            EndChar = (int)Number(payload, PayloadFields.EndChar),
            StartLine = (int)Number(payload, PayloadFields.StartLine),
            EndLine = (int)Number(payload, PayloadFields.EndLine),
            Generation = Number(payload, PayloadFields.Generation),
            Epoch = Number(payload, PayloadFields.Epoch),
            IndexedAt = DateTimeOffset.Parse(Text(payload, PayloadFields.IndexedAt), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Metadata = ReadMetadata(payload),
        };
    }

    private static ImmutableDictionary<string, string> ReadMetadata(MapField<string, Wire.Value> payload)
    {
        ImmutableDictionary<string, string>.Builder? metadata = null;
        foreach (var (name, value) in payload)
        {
            if (!PayloadFields.Reserved.Contains(name))
            {
                metadata ??= ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
                metadata[name] = ReadText(value);
            }
        }

        return metadata?.ToImmutable() ?? ImmutableDictionary<string, string>.Empty;
    }

    private static string Text(MapField<string, Wire.Value> payload, string field) =>
        payload.TryGetValue(field, out var value) && value.KindCase == Wire.Value.KindOneofCase.StringValue
            ? value.StringValue
            : throw new FormatException($"a point has no text {field}.");

    private static long Number(MapField<string, Wire.Value> payload, string field) =>
        payload.TryGetValue(field, out var value) && value.KindCase == Wire.Value.KindOneofCase.IntegerValue
            ? value.IntegerValue
            : throw new FormatException($"a point has no number {field}.");

    private static string ReadText(Wire.Value value) => value.KindCase == Wire.Value.KindOneofCase.StringValue ? value.StringValue : ToJson(value);

    private static string ToJson(Wire.Value value)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, Wire.Value value)
    {
        switch (value.KindCase)
        {
            case Wire.Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case Wire.Value.KindOneofCase.IntegerValue:
                writer.WriteNumberValue(value.IntegerValue);
                break;
            case Wire.Value.KindOneofCase.DoubleValue:
                writer.WriteNumberValue(value.DoubleValue);
                break;
            case Wire.Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case Wire.Value.KindOneofCase.StructValue:
                writer.WriteStartObject();
                foreach (var (name, member) in value.StructValue.Fields)
                {
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            case Wire.Value.KindOneofCase.ListValue:
                writer.WriteStartArray();
                foreach (var item in value.ListValue.Values)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case Wire.Value.KindOneofCase.NullValue or Wire.Value.KindOneofCase.None:
                writer.WriteNullValue();
                break;
            default:
                throw new FormatException($"a payload value is of the unknown kind {value.KindCase}.");
        }
    }
}
