namespace Orleans.Runtime;

/// <summary>The stable name of a grain class.</summary>
public readonly record struct GrainType
{
    /// <summary>Makes a name.</summary>
    /// <param name="id">Its text.</param>
    public GrainType(IdSpan id) => Value = id;

    /// <summary>True for the value of an unset field.</summary>
    public bool IsDefault => Value.IsDefault;

    /// <summary>The name.</summary>
    public IdSpan Value { get; }

    /// <summary>Makes a name from its text.</summary>
    /// <param name="value">The text; holds no slash.</param>
    public static GrainType Create(string value) => new(IdSpan.Create(value));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
