using System.ComponentModel;
using Quiver.Silo.Options;

namespace Quiver.Tests.Unit.Deployment;

/// <summary>Finds what a setting is, by the classes that settings are bound to.</summary>
internal static class SettingNames
{
    /// <summary>The type of a setting's value; null when there is no such setting.</summary>
    /// <param name="name">Its name, with colons.</param>
    public static Type? TypeOf(string name) =>
        SettingSections.All
            .Where(section => IsBelow(name, section.Item1))
            .Select(section => Walk(section.Item2, name[section.Item1.Length..].Split(':', StringSplitOptions.RemoveEmptyEntries)))
            .FirstOrDefault(static type => type is not null);

    private static bool IsBelow(string name, string section) =>
        name.StartsWith(section, StringComparison.OrdinalIgnoreCase) && (name.Length == section.Length || name[section.Length] == ':');

    private static Type? Walk(Type type, IEnumerable<string> path)
    {
        foreach (var step in path)
        {
            var next = IsGeneric(type, typeof(IDictionary<,>)) ? type.GenericTypeArguments[1]
                : IsGeneric(type, typeof(IList<>)) ? (int.TryParse(step, out _) ? type.GenericTypeArguments[0] : null)
                : type.GetProperties().SingleOrDefault(property => string.Equals(property.Name, step, StringComparison.OrdinalIgnoreCase))?.PropertyType;
            if (next is null)
            {
                return null;
            }

            type = Nullable.GetUnderlyingType(next) ?? next;
        }

        return TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)) ? type : null;
    }

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;
}
