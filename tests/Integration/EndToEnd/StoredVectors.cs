using System.Collections.Concurrent;
using System.Numerics.Tensors;
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
        foreach (var point in request.Points)
        {
            Check(point.Payload[PayloadFields.Text]!.GetValue<string>(), point.Vector);
        }

        return Task.CompletedTask;
    }

    public void AssertTrue(string context) =>
        Assert.True(_wrong.IsEmpty && _seen > 0, $"{context}: {_wrong.Count} of {_seen} vectors are not what the model says, such as that of '{_wrong.FirstOrDefault()}'");

    private void Check(string text, float[] sent)
    {
        Interlocked.Increment(ref _seen);
        var known = HashModel.Embed(text);
        if (sent.Length != known.Length || !(TensorPrimitives.Distance<float>(sent, known) < Tolerance))
        {
            _wrong.Enqueue(text);
        }
    }
}
