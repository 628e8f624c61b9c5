namespace Orleans;

/// <summary>The stable name of a grain class, part of its grains' identity and so of their stored state.</summary>
/// <param name="grainType">The name; without this attribute it is the class name in lower case without "Grain".</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    /// <summary>The name.</summary>
    internal string GrainType { get; } = grainType;
}
