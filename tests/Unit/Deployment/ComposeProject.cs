using System.Text.RegularExpressions;
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

/// <summary>A service of a Compose file, as far as the tests ask.</summary>
/// <param name="name">Its name, which is also its name in the network.</param>
/// <param name="definition">What the file says of it.</param>
internal sealed partial class ComposeService(string name, IReadOnlyDictionary<object, object?> definition)
{
    public string Name { get; } = name;

    public string? Image => Text("image");

    public string? Restart => Text("restart");

    /// <summary>The folder that its image is built from, relative to the file; null when it is fetched.</summary>
    public string? BuildContext => definition.GetValueOrDefault("build") is IReadOnlyDictionary<object, object?> build ? (string?)build["context"] : null;

    public IReadOnlyDictionary<string, string> BuildArguments =>
        definition.GetValueOrDefault("build") is IReadOnlyDictionary<object, object?> build ? Texts(build.GetValueOrDefault("args")) : ImmutableDictionary<string, string>.Empty;

    public IReadOnlyDictionary<string, string> Environment => Texts(definition.GetValueOrDefault("environment"));

    /// <summary>The condition of each service that it waits for.</summary>
    public IReadOnlyDictionary<string, string> Dependencies =>
        definition.GetValueOrDefault("depends_on") is IReadOnlyDictionary<object, object?> on
            ? on.ToDictionary(static entry => (string)entry.Key, static entry => (string)((IReadOnlyDictionary<object, object?>)entry.Value!)["condition"]!)
            : ImmutableDictionary<string, string>.Empty;

    public IReadOnlyList<string> Profiles => List("profiles");

    /// <summary>As <c>address:port</c> of the machine and port of the container.</summary>
    public IReadOnlyList<string> Ports => List("ports");

    public IReadOnlyList<string> Volumes => List("volumes");

    /// <summary>The words of the health check; empty without one.</summary>
    public IReadOnlyList<string> HealthTest =>
        definition.GetValueOrDefault("healthcheck") is IReadOnlyDictionary<object, object?> check ? [.. ((IEnumerable<object?>)check["test"]!).Select(static word => (string)word!)] : [];

    public TimeSpan? StopGracePeriod => Text("stop_grace_period") is { } period ? TimeSpan.FromSeconds(int.Parse(period.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture)) : null;

    public bool HasLimits =>
        definition.GetValueOrDefault("deploy") is IReadOnlyDictionary<object, object?> deploy
        && deploy["resources"] is IReadOnlyDictionary<object, object?> resources
        && resources["limits"] is IReadOnlyDictionary<object, object?> limits
        && limits.ContainsKey("cpus") && limits.ContainsKey("memory");

    /// <summary>Every text of it with a reference to a variable.</summary>
    public IEnumerable<string> Interpolations => Scalars(definition).SelectMany(static text => Reference().Matches(text.Replace("$$", "", StringComparison.Ordinal))).Select(static match => match.Value);

    /// <summary>A value as the containers see it, with the variables replaced.</summary>
    public static string Resolve(string value, Func<string, string> variable) =>
        Reference().Replace(value, match => match.Groups["default"] is { Success: true } given ? given.Value : variable(match.Groups["name"].Value)).Replace("$$", "$", StringComparison.Ordinal);

    private static IEnumerable<string> Scalars(object? node) => node switch
    {
        string text => [text],
        IReadOnlyDictionary<object, object?> map => map.Values.SelectMany(Scalars),
        IEnumerable<object?> list => list.SelectMany(Scalars),
        _ => [],
    };

    private static Dictionary<string, string> Texts(object? node) =>
        node is IReadOnlyDictionary<object, object?> map ? map.ToDictionary(static entry => (string)entry.Key, static entry => (string)entry.Value!) : [];

    private string? Text(string key) => (string?)definition.GetValueOrDefault(key);

    private List<string> List(string key) => definition.GetValueOrDefault(key) is IEnumerable<object?> list ? [.. list.Select(static item => (string)item!)] : [];

    [GeneratedRegex(@"\$\{(?<name>[A-Z0-9_]+)(:\?(?<error>[^}]*)|:-(?<default>[^}]*))?\}")]
    internal static partial Regex Reference();
}
