using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Quiver.Core.Vectors;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>Holds every vector on its way into the store against the one that the model has for the text beside it.</summary>
internal sealed class StoredVectors
{
    private const float Tolerance = 1e-5f;

    private readonly ConcurrentQueue<string> _wrong = new();
    private int _seen;

    public Task CheckAsync(StandInRequest request)
    {
        if (request is { Method: "PUT", ChangesPoints: true })
        {
            foreach (var point in request.Body!["points"]!.AsArray())
            {
                Check(point!["payload"]![PayloadFields.Text]!.GetValue<string>(), point["vector"]!.AsObject().Single().Value!.AsArray());
            }
        }

        return Task.CompletedTask;
    }

    public void AssertTrue(string context) =>
        Assert.True(_wrong.IsEmpty && _seen > 0, $"{context}: {_wrong.Count} of {_seen} vectors are not what the model says, such as that of '{_wrong.FirstOrDefault()}'");

    private void Check(string text, JsonArray vector)
    {
        Interlocked.Increment(ref _seen);
        var sent = vector.Select(static number => number!.GetValue<float>()).ToArray();
        var known = HashModel.Embed(text);
        if (sent.Length != known.Length || !(TensorPrimitives.Distance<float>(sent, known) < Tolerance))
        {
            _wrong.Enqueue(text);
        }
    }
}
