using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiver.Client;
using Quiver.Client.Json;

namespace Quiver.Tests.Support;

/// <summary>
/// A collection's points in a form to compare: id, vector, and the payload but for what tells of the run instead of the document. Vectors may
/// differ by rounding: a job that continues after a kill may hand the model a text alone that went together with others before, and the
/// runtime sums one row in another order than several (by up to 6e-8 for the default model; from two rows on they do not differ).
/// </summary>
internal sealed class ExportedPoints
{
    private static readonly FrozenSet<string> Volatile = FrozenSet.Create("indexed_at", "epoch");

    private const float Rounding = 1e-6f;

    private readonly Dictionary<Guid, (ImmutableArray<float> Vector, string Payload, string Document)> _points = [];

    public int Count => _points.Count;

    public IEnumerable<Guid> Ids => _points.Keys;

    /// <summary>Reads what <c>quiver collections export</c> printed.</summary>
    public static ExportedPoints Read(IEnumerable<string> lines)
    {
        var points = new ExportedPoints();
        foreach (var line in lines)
        {
            points.Add(JsonSerializer.Deserialize(line, QuiverJsonContext.Shared.ExportedPoint)!);
        }

        return points;
    }

    /// <summary>Reads them through a client.</summary>
    public static async Task<ExportedPoints> ReadAsync(IQuiverClient client, CollectionName collection)
    {
        var points = new ExportedPoints();
        await foreach (var point in client.ExportAsync(collection, TestContext.Current.CancellationToken))
        {
            points.Add(point);
        }

        return points;
    }

    /// <summary>The points of some documents.</summary>
    public ExportedPoints Of(Func<string, bool> document)
    {
        var points = new ExportedPoints();
        foreach (var (id, point) in _points.Where(entry => document(entry.Value.Document)))
        {
            points._points.Add(id, point);
        }

        return points;
    }

    /// <summary>Documents that have points.</summary>
    public IReadOnlySet<string> Documents() => _points.Values.Select(static point => point.Document).ToHashSet();

    /// <summary>The chunks' texts.</summary>
    public IEnumerable<string> Texts() => _points.Values.Select(static point => JsonNode.Parse(point.Payload)!["text"]!.GetValue<string>());

    /// <summary>Fails unless both hold the same points, and says where they differ.</summary>
    public static void AssertSame(ExportedPoints expected, ExportedPoints actual, string context)
    {
        var missing = expected._points.Where(point => !actual._points.ContainsKey(point.Key)).Select(static point => point.Value.Document).ToList();
        var surplus = actual._points.Where(point => !expected._points.ContainsKey(point.Key)).Select(static point => point.Value.Document).ToList();
        var different = expected._points.Where(point => actual._points.TryGetValue(point.Key, out var other) && !Same(point.Value, other)).ToList();
        var example = different.Select(point => $" by {Distance(point.Value.Vector, actual._points[point.Key].Vector)}\n{point.Value.Payload}\n{actual._points[point.Key].Payload}").FirstOrDefault();
        Assert.True(
            missing.Count + surplus.Count + different.Count == 0,
            $"{context}: {missing.Count} points are missing ({string.Join(", ", missing.Take(5))}), {surplus.Count} are too many "
            + $"({string.Join(", ", surplus.Take(5))}), {different.Count} differ{example}");
    }

    private static bool Same((ImmutableArray<float> Vector, string Payload, string Document) one, (ImmutableArray<float> Vector, string Payload, string Document) other) =>
        (one.Payload, one.Document) == (other.Payload, other.Document) && Distance(one.Vector, other.Vector) <= Rounding;

    /// <summary>The most by which two numbers at the same place differ.</summary>
    private static float Distance(ImmutableArray<float> one, ImmutableArray<float> other) =>
        one.Length == other.Length ? one.Zip(other, static (a, b) => Math.Abs(a - b)).DefaultIfEmpty().Max() : float.PositiveInfinity;

    private void Add(ExportedPoint point)
    {
        var payload = JsonNode.Parse(point.PayloadJson)!.AsObject();
        foreach (var name in Volatile)
        {
            Assert.True(payload.Remove(name), $"The payload of {point.Id} has no {name}.");
        }

        Assert.True(_points.TryAdd(point.Id, ([.. point.Vector], payload.ToJsonString(), payload["document_id"]!.GetValue<string>())), $"The point {point.Id} is there twice.");
    }
}
