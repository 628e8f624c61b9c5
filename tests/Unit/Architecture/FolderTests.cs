using System.Text.RegularExpressions;

namespace Quiver.Tests.Unit.Architecture;

/// <summary>The import graph of the folders of production code, made from the code's own usings.</summary>
public sealed partial class FolderTests
{
    /// <summary>Which projects each project may use (docs/architecture.md).</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["grain-interfaces"] = [],
        ["core"] = ["grain-interfaces"],
        ["adapters"] = ["grain-interfaces", "core"],
        ["grains"] = ["grain-interfaces", "core"],
        ["client/sdk"] = ["grain-interfaces"],
        ["client/cli"] = ["grain-interfaces", "client/sdk"],
        ["silo"] = ["grain-interfaces", "core", "adapters", "grains", "client/sdk", "client/cli"],
    };

    private static readonly Lazy<SortedDictionary<string, SortedSet<string>>> Graph = new(ReadGraph);

    [Fact]
    public void Folders_AreFound() => Assert.True(Graph.Value.Count > 40, $"{Graph.Value.Count} folders.");

    [Fact]
    public void Folders_HaveNoCycle() => Assert.Empty(Cycles());

    [Fact]
    public void Folders_UseOnlyTheProjectsTheyMay() => Assert.Empty(
        from folder in Graph.Value
        from used in folder.Value
        let project = ProjectOf(folder.Key)
        where ProjectOf(used) != project && !Allowed[project].Contains(ProjectOf(used))
        select $"{folder.Key} uses {used}");

    [Fact]
    public void Namespaces_AreThePathsOfTheirFolders() => Assert.Empty(
        from file in SourceTree.Files([.. Allowed.Keys])
        where !file.Contains("/ModelBuilder/", StringComparison.Ordinal) && NamespaceOf(file) is { } name && name != ExpectedNamespace(file)
        select $"{file} has the namespace {NamespaceOf(file)}");

    /// <summary>Each cycle once, from its first folder by name, written as a path.</summary>
    private static List<string> Cycles()
    {
        List<string> cycles = [];
        HashSet<string> done = new(StringComparer.Ordinal);
        foreach (var folder in Graph.Value.Keys)
        {
            Visit(folder, []);
        }

        return cycles;

        void Visit(string folder, List<string> path)
        {
            var at = path.IndexOf(folder);
            if (at >= 0)
            {
                cycles.Add(string.Join(" → ", [.. path[at..], folder]));
                return;
            }

            if (!done.Contains(folder))
            {
                path.Add(folder);
                foreach (var used in Graph.Value[folder])
                {
                    Visit(used, path);
                }

                path.RemoveAt(path.Count - 1);
                done.Add(folder);
            }
        }
    }

    private static SortedDictionary<string, SortedSet<string>> ReadGraph()
    {
        var files = SourceTree.Files([.. Allowed.Keys]).Where(static file => !file.Contains("/ModelBuilder/", StringComparison.Ordinal)).ToArray();
        Dictionary<string, string> folders = new(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (NamespaceOf(file) is { } name)
            {
                folders[name] = FolderOf(file);
            }
        }

        SortedDictionary<string, SortedSet<string>> graph = new(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var folder = FolderOf(file);
            graph.TryAdd(folder, new(StringComparer.Ordinal));
            foreach (var line in SourceTree.Lines(file))
            {
                if (Using().Match(line) is { Success: true } match && Owner(match.Groups[1].Value) is { } used && used != folder)
                {
                    graph[folder].Add(used);
                }
            }
        }

        return graph;

        // `using static` and aliases name a type: its namespace is a prefix.
        string? Owner(string name)
        {
            while (!folders.ContainsKey(name) && name.Contains('.', StringComparison.Ordinal))
            {
                name = name[..name.LastIndexOf('.')];
            }

            return folders.GetValueOrDefault(name);
        }
    }

    private static string FolderOf(string file) => file[..file.LastIndexOf('/')];

    private static string ProjectOf(string folder) => Allowed.Keys.Single(project => folder == project || folder.StartsWith(project + "/", StringComparison.Ordinal));

    private static string? NamespaceOf(string file) =>
        SourceTree.Lines(file).Select(static line => Namespace().Match(line)).FirstOrDefault(static match => match.Success)?.Groups[1].Value;

    private static string ExpectedNamespace(string file)
    {
        var folder = FolderOf(file);
        var project = ProjectOf(folder);
        var root = project switch
        {
            "grain-interfaces" => "GrainInterfaces",
            "client/sdk" => "Client",
            "client/cli" => "Cli",
            _ => char.ToUpperInvariant(project[0]) + project[1..],
        };
        return $"Quiver.{root}{folder[project.Length..].Replace('/', '.')}";
    }

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?(Quiver[\w.]+);")]
    private static partial Regex Using();

    [GeneratedRegex(@"^namespace ([\w.]+);")]
    private static partial Regex Namespace();
}
