namespace Orleans.Runtime;

/// <summary>The identity of a grain: its class's name and its key.</summary>
public readonly struct GrainId : IEquatable<GrainId>
{
    private readonly int _hash;

    /// <summary>Makes an identity.</summary>
    /// <param name="type">The class's name.</param>
    /// <param name="key">The key.</param>
    public GrainId(GrainType type, IdSpan key)
    {
        Type = type;
        Key = key;
        _hash = HashCode.Combine(type, key);
    }

    /// <summary>True for the value of an unset field.</summary>
    public bool IsDefault => Type.IsDefault;

    /// <summary>The class's name.</summary>
    public GrainType Type { get; }

    /// <summary>The key; integers in hexadecimal.</summary>
    public IdSpan Key { get; }

    /// <summary>True when both are the same grain.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    /// <summary>True when the grains differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);

    /// <summary>Makes an identity.</summary>
    /// <param name="type">The class's name.</param>
    /// <param name="key">The key.</param>
    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    /// <inheritdoc cref="Create(GrainType, IdSpan)"/>
    public static GrainId Create(GrainType type, string key) => new(type, IdSpan.Create(key));

    /// <inheritdoc cref="Create(GrainType, IdSpan)"/>
    public static GrainId Create(string type, string key) => new(GrainType.Create(type), IdSpan.Create(key));

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="value"><c>type/key</c>.</param>
    /// <exception cref="FormatException">There is no slash.</exception>
    public static GrainId Parse(string value)
    {
        var at = value.IndexOf('/', StringComparison.Ordinal);
        return at > 0 ? Create(value[..at], value[(at + 1)..]) : throw new FormatException($"'{value}' is not a grain identity of the form type/key.");
    }

    /// <inheritdoc/>
    public bool Equals(GrainId other) => _hash == other._hash && Key == other.Key && Type == other.Type;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The identity as <c>type/key</c>.</summary>
    public override string ToString() => $"{Type}/{Key}";
}
