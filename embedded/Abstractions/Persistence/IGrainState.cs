namespace Orleans;

/// <summary>What a store reads into and writes from.</summary>
/// <typeparam name="T">The state's type.</typeparam>
public interface IGrainState<T>
{
    /// <summary>The state.</summary>
    T? State { get; set; }

    /// <summary>The record's version; null when there is none.</summary>
    string? ETag { get; set; }

    /// <summary>Whether the record is stored.</summary>
    bool RecordExists { get; set; }
}
