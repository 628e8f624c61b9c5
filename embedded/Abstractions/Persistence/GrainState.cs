namespace Orleans;

/// <summary>What a store reads into and writes from.</summary>
/// <typeparam name="T">The state's type.</typeparam>
public sealed class GrainState<T> : IGrainState<T>
{
    /// <inheritdoc/>
    public T? State { get; set; }

    /// <inheritdoc/>
    public string? ETag { get; set; }

    /// <inheritdoc/>
    public bool RecordExists { get; set; }
}
