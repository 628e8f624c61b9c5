using System.Text.Json;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>A successful answer; its elements live as long as it is not disposed.</summary>
internal sealed class QdrantAnswer(QdrantRequest request, JsonDocument document, JsonElement result) : IDisposable
{
    /// <summary>The member <c>result</c>.</summary>
    public JsonElement Result { get; } = result;

    /// <summary>Reads something out of the result.</summary>
    /// <exception cref="TransientException">It has another shape than agreed.</exception>
    public T Read<T>(Func<JsonElement, T> read)
    {
        try
        {
            return read(Result);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw QdrantFaults.OfShape(request, e, e.Message);
        }
    }

    public void Dispose() => document.Dispose();
}
