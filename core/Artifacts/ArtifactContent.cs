namespace Quiver.Core.Artifacts;

/// <summary>An opened artifact.</summary>
/// <param name="Content">Its bytes; disposing the record disposes it.</param>
/// <param name="Bytes">How many they are.</param>
public sealed record ArtifactContent(Stream Content, long Bytes) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
