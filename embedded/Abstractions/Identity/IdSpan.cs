namespace Orleans.Runtime;

/// <summary>A part of an identity.</summary>
public readonly record struct IdSpan
{
    private readonly string? _value;

    private IdSpan(string value) => _value = value;

    /// <summary>True for the value of an unset field.</summary>
    public bool IsDefault => _value is null;

    /// <summary>Makes a part from its text.</summary>
    /// <param name="id">The text.</param>
    public static IdSpan Create(string id) => new(id);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
