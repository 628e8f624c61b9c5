using Quiver.Tests.Unit.Architecture;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Quiver.Tests.Unit.Deployment;

/// <summary>One or two Compose files of the repository, the second over the first.</summary>
internal sealed class ComposeProject
{
    /// <summary>The cluster.</summary>
    public const string Main = "docker-compose.yml";

    /// <summary>The local profile.</summary>
    public const string Example = "docker-compose.override.example.yml";

    // Lists that a second file replaces; others it adds to.
    private static readonly string[] Replaced = ["command", "entrypoint", "test"];

    private ComposeProject(IReadOnlyDictionary<object, object?> root)
    {
        Services = [.. Map(root["services"]).Select(static entry => new ComposeService((string)entry.Key, Map(entry.Value)))];
        Volumes = [.. Map(root["volumes"]).Keys.Cast<string>()];
    }

    public IReadOnlyList<ComposeService> Services { get; }

    /// <summary>The named volumes.</summary>
    public IReadOnlyList<string> Volumes { get; }

    /// <summary>The silos.</summary>
    public IEnumerable<ComposeService> Silos => Services.Where(static service => service.BuildContext is not null);

    public ComposeService this[string service] => Services.Single(candidate => candidate.Name == service);

    /// <summary>Reads files, the later ones over the earlier ones.</summary>
    public static ComposeProject Load(params string[] files) => new(files.Select(Read).Aggregate(Merge));

    private static Dictionary<object, object?> Read(string file)
    {
        var parser = new MergingParser(new Parser(new StringReader(string.Join('\n', SourceTree.Lines(file)))));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<object, object?>>(parser);
    }

    private static Dictionary<object, object?> Merge(Dictionary<object, object?> below, Dictionary<object, object?> above)
    {
        var merged = new Dictionary<object, object?>(below);
        foreach (var (key, value) in above)
        {
            merged[key] = (merged.GetValueOrDefault(key), value) switch
            {
                (Dictionary<object, object?> old, Dictionary<object, object?> fresh) => Merge(old, fresh),
                (IEnumerable<object?> old, IEnumerable<object?> fresh) when !Replaced.Contains((string)key) => old.Concat(fresh).ToList(),
                _ => value,
            };
        }

        return merged;
    }

    private static Dictionary<object, object?> Map(object? node) => (Dictionary<object, object?>)node!;
}
