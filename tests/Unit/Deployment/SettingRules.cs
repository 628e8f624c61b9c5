using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Silo.Serving;
using Quiver.Tests.Unit.Silo;

namespace Quiver.Tests.Unit.Deployment;

/// <summary>Puts settings before the validators that a silo's start puts them before.</summary>
internal static class SettingRules
{
    private static readonly Assembly[] Assemblies = [typeof(QdrantOptions).Assembly, typeof(ServerOptions).Assembly];

    /// <summary>All that is wrong with the sections that the settings have, a sentence each; paths of the others come from the data directory.</summary>
    public static IReadOnlyList<string> FindFaults(IConfiguration settings) =>
    [
        .. SettingsDocumentationTests.Sections.Append((ProvidersOptions.Section, typeof(ProvidersOptions)))
            .Select(section => (Settings: settings.GetSection(section.Item1), Options: section.Item2))
            .Where(static section => section.Settings.Exists())
            .SelectMany(static section => FindFaults(section.Settings, section.Options)),
    ];

    /// <summary>How many classes of options there are validators for.</summary>
    public static int CountValidated() => SettingsDocumentationTests.Sections.Count(static section => ValidatorsOf(section.Options).Any());

    private static IEnumerable<string> FindFaults(IConfigurationSection section, Type type)
    {
        var options = Activator.CreateInstance(type)!;
        section.Bind(options);
        var broken = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), broken, validateAllProperties: true);
        return broken.Select(result => $"{type.Name}: {result.ErrorMessage}").Concat(ValidatorsOf(type).SelectMany(validator => Ask(validator, type, options)));
    }

    private static IEnumerable<string> Ask(Type validator, Type type, object options)
    {
        var answer = (ValidateOptionsResult)typeof(IValidateOptions<>).MakeGenericType(type).GetMethod(nameof(IValidateOptions<>.Validate))!
            .Invoke(Activator.CreateInstance(validator), [null, options])!;
        return answer.Failures ?? [];
    }

    private static IEnumerable<Type> ValidatorsOf(Type options) =>
        from assembly in Assemblies
        from type in assembly.GetTypes()
        where typeof(IValidateOptions<>).MakeGenericType(options).IsAssignableFrom(type) && type.GetConstructor(Type.EmptyTypes) is not null
        select type;
}
