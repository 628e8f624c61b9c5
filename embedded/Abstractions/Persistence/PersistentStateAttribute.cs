namespace Orleans.Runtime;

/// <summary>Names a constructor parameter's record and its store.</summary>
/// <param name="stateName">The record, within the grain.</param>
/// <param name="storageName">The store; "Default" when not given.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
{
    /// <summary>The record, within the grain.</summary>
    public string StateName { get; } = stateName;

    /// <summary>The store.</summary>
    public string? StorageName { get; } = storageName;
}
