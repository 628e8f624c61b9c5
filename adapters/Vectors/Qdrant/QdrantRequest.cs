namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>A request to the server.</summary>
/// <param name="Operation">Its name in metrics and messages.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query, relative to the address.</param>
/// <param name="Timeout">For each attempt.</param>
internal sealed record QdrantRequest(string Operation, HttpMethod Method, string Path, TimeSpan Timeout)
{
    /// <summary>The JSON body; must not change before the request has ended.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The physical collection that it is about.</summary>
    public string? Collection { get; init; }
}
