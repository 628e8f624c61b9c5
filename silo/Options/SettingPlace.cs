using System.Reflection;

namespace Quiver.Silo.Options;

/// <summary>A place where settings may be, and what it may hold.</summary>
/// <param name="Path">Where it is, with colons, in the names' own spelling.</param>
/// <param name="Type">What is read there; null for a section that is made of others only.</param>
internal sealed record SettingPlace(string Path, Type? Type)
{
    private const StringComparison Case = StringComparison.OrdinalIgnoreCase;

    /// <summary>The place of all settings.</summary>
    public static SettingPlace Root { get; } = new(SettingSections.Root, null);

    /// <summary>Whether it holds one value.</summary>
    public bool IsValue => Type is not null && HoldsValue(Type);

    /// <summary>Whether it is a list of values.</summary>
    public bool IsList => Type is { IsGenericType: true } && Type.GetGenericTypeDefinition() == typeof(IList<>);

    /// <summary>Whether it holds values by names that are not Quiver's, such as headers: nothing below it can be misspelt.</summary>
    public bool IsFree => IsMap && HoldsValue(Element!);

    /// <summary>The names of what is below, where they are given; sorted.</summary>
    public IEnumerable<string> Names =>
        IsValue || Element is not null ? [] : Properties.Select(static property => property.Name).Concat(Sections).Distinct().Order(StringComparer.Ordinal);

    private bool IsMap => Type is { IsGenericType: true } && Type.GetGenericTypeDefinition() == typeof(IDictionary<,>);

    private Type? Element => IsMap || IsList ? Type!.GenericTypeArguments[^1] : null;

    private IEnumerable<PropertyInfo> Properties =>
        Type?.GetProperties().Where(static property => property.SetMethod?.IsPublic == true || property.PropertyType.IsGenericType) ?? [];

    private IEnumerable<string> Sections =>
        SettingSections.All.Where(section => section.Section.StartsWith($"{Path}:", Case)).Select(section => section.Section[(Path.Length + 1)..].Split(':')[0]);

    /// <summary>The place below of this name; null when there is none.</summary>
    /// <param name="name">A name, in any case.</param>
    public SettingPlace? Find(string name)
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
