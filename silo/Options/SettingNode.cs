using System.Reflection;

namespace Quiver.Silo.Options;

/// <summary>A node of the tree of known settings: a section, a list, a map or a value.</summary>
/// <param name="Path">Its path with colons, in the canonical spelling.</param>
/// <param name="Type">The type of the options or the value; null for a section that only groups others.</param>
internal sealed record SettingNode(string Path, Type? Type)
{
    private const StringComparison Case = StringComparison.OrdinalIgnoreCase;

    /// <summary>The root of all settings.</summary>
    public static SettingNode Root { get; } = new(SettingSections.Root, null);

    /// <summary>True for a single value.</summary>
    public bool IsValue => Type is not null && HoldsValue(Type);

    /// <summary>True for a list of values.</summary>
    public bool IsList => Type is { IsGenericType: true } && Type.GetGenericTypeDefinition() == typeof(IList<>);

    /// <summary>True for a map whose keys are free, such as headers: no name below it can be misspelt.</summary>
    public bool IsFree => IsMap && HoldsValue(Element!);

    /// <summary>The names of the nodes below, sorted; empty for values, lists and maps.</summary>
    public IEnumerable<string> Names =>
        IsValue || Element is not null ? [] : Properties.Select(static property => property.Name).Concat(Sections).Distinct().Order(StringComparer.Ordinal);

    private bool IsMap => Type is { IsGenericType: true } && Type.GetGenericTypeDefinition() == typeof(IDictionary<,>);

    private Type? Element => IsMap || IsList ? Type!.GenericTypeArguments[^1] : null;

    private IEnumerable<PropertyInfo> Properties =>
        Type?.GetProperties().Where(static property => property.SetMethod?.IsPublic == true || property.PropertyType.IsGenericType) ?? [];

    private IEnumerable<string> Sections =>
        SettingSections.All
            .Where(section => section.Section.StartsWith($"{Path}:", Case))
            .Select(section => section.Section[(Path.Length + 1)..].Split(':')[0]);

    /// <summary>The node below with this name, in any case; null when there is none.</summary>
    public SettingNode? Find(string name)
    {
        if (IsValue)
        {
            return null;
        }

        if (Element is { } element)
        {
            return new($"{Path}:{name}", element);
        }

        if (Names.FirstOrDefault(known => known.Equals(name, Case)) is not { } exact)
        {
            return null;
        }

        var path = $"{Path}:{exact}";
        return new(path, SettingSections.All.FirstOrDefault(section => section.Section == path).Type ?? Type?.GetProperty(exact)?.PropertyType);
    }

    private static bool HoldsValue(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is { } plain && (plain.IsEnum || plain.Namespace == nameof(System));
}
