namespace Orleans.Runtime;

/// <summary>The identity of a stream.</summary>
public readonly record struct StreamId
{
    private readonly string? _namespace;
    private readonly string _key;

    private StreamId(string? streamNamespace, string key)
    {
        _namespace = streamNamespace;
        _key = key;
    }

    /// <summary>Makes an identity.</summary>
    /// <param name="ns">What the stream is about.</param>
    /// <param name="key">Which one.</param>
    public static StreamId Create(string? ns, string key) => new(ns, key);

    /// <summary>What the stream is about.</summary>
    public string? GetNamespace() => _namespace;

    /// <summary>Which one.</summary>
    public string GetKeyAsString() => _key;

    /// <inheritdoc/>
    public override string ToString() => $"{_namespace ?? "null"}/{_key}";
}
