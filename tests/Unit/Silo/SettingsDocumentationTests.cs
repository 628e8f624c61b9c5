using System.Text.RegularExpressions;
using Quiver.Silo.Options;
using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Unit.Silo;

/// <summary>docs/operating.md has each setting, and none that does not exist.</summary>
public sealed partial class SettingsDocumentationTests
{
    /// <summary>The section of each class of options.</summary>
    private static IEnumerable<(string Section, Type Options)> Sections => SettingSections.OfOptions.Select(static section => (section.Name, section.Options));

    /// <summary>Settings that are read before there are options: which store there is, and what providers there are.</summary>
    private static readonly string[] Others = ["Quiver:Vectors:Store", "Quiver:Providers"];

    [Fact]
    public void Settings_AreThoseOfTheOptions() => Assert.Equal(Existing().Concat(Others).Order(StringComparer.Ordinal), Documented().Order(StringComparer.Ordinal));

    private static IEnumerable<string> Existing() =>
        from section in Sections
        from property in section.Options.GetProperties()
        where property.SetMethod?.IsPublic == true || property.PropertyType.IsGenericType
        where !Sections.Any(other => other.Options == property.PropertyType)
        select $"{section.Section}:{property.Name}";

    private static IEnumerable<string> Documented()
    {
        foreach (var line in SourceTree.Lines("docs/operating.md").Where(line => line.StartsWith("| `Quiver:", StringComparison.Ordinal)))
        {
            var names = CodeSpan().Matches(line.Split(" | ")[0]).Select(match => match.Groups[1].Value).ToList();
            var section = names[0][..names[0].LastIndexOf(':')];
            foreach (var name in names)
            {
                yield return (name.Contains(':', StringComparison.Ordinal) ? name : $"{section}:{name}").Split(":NAME")[0];
            }
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();
}
