using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>The commands that only read, as processes.</summary>
internal static class ReadingCommands
{
    public const string Collection = "notes";

    /// <summary>All of them; those about a job are about the given one. Tables with ages are read as JSON.</summary>
    public static IReadOnlyList<string[]> Of(string job) =>
    [
        ["jobs", "list", "--json"],
        ["jobs", "show", job],
        ["jobs", "show", job, "--json"],
        ["jobs", "report", job],
        ["jobs", "report", job, "--json"],
        ["jobs", "failures", job],
        ["jobs", "watch", job, "--json"],
        ["collections", "list", "--json"],
        ["collections", "show", Collection],
        ["collections", "facets", Collection, "path"],
        ["collections", "export", Collection],
        ["collections", "verify", Collection],
        ["search", "a river that reaches the sea", "--collection", Collection, "--json"],
        ["usage"],
        ["providers", "list", "--json"],
        ["jobs", "show", "01unknown0job00000"],
        ["jobs", "report", "01unknown0job00000", "--json"],
        ["collections", "show", "unknown"],
        ["search", "a river", "--collection", "unknown"],
    ];

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CliResult> RunAsync(string home, string data, IEnumerable<string> command)
    {
        await using var process = QuiverProcess.Start(home, [.. command, "--data", data]);
        var code = await process.ExitAsync();
        return new(code, process.Out.Text, process.Error.Text);
    }

    /// <summary>Runs a command to its end, which must be success, for its JSON.</summary>
    public static async Task<JsonNode> ReadAsync(string home, string data, params string[] command)
    {
        var result = await RunAsync(home, data, [.. command, "--json"]);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)}: {result.Out}{result.Error}");
        return JsonNode.Parse(result.Out)!;
    }

    /// <summary>The only job of a data directory; null when there is none yet.</summary>
    public static async Task<JsonNode?> FindJobAsync(string home, string data) => (await ReadAsync(home, data, "jobs", "list"))["items"]!.AsArray().SingleOrDefault();

    /// <summary>Writes documents, one of which cannot be read.</summary>
    public static string Write(TemporaryFolder folder, int count)
    {
        var lines = Enumerable.Range(0, count).Select(static number => JsonSerializer.Serialize(new
        {
            id = $"d{number}",
            text = $"Note {number}: the river of valley {number % 17} reaches the sea after {number} bends, and {number * 31 % 97} boats wait there.",
            path = $"p{number % 3}",
        }));
        return folder.Write("documents.jsonl", string.Join('\n', [.. lines, "{ this is no record"]));
    }

    /// <summary>A result whose JSON lines have their members in order: those of metadata come in another order from each process.</summary>
    public static CliResult Sort(CliResult result) =>
        result with { Out = string.Join('\n', result.Lines.Select(static line => line.StartsWith('{') ? Sort(JsonNode.Parse(line))!.ToJsonString() : line)) };

    private static JsonNode? Sort(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => new JsonObject(members.OrderBy(static member => member.Key, StringComparer.Ordinal).Select(static member => KeyValuePair.Create(member.Key, Sort(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sort)]),
        _ => node.DeepClone(),
    };

    /// <summary>What a listing of a directory shows: names, sizes and times of all files.</summary>
    public static IReadOnlyList<string> Files(string directory) =>
    [
        .. new DirectoryInfo(directory).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(static entry => $"{entry.FullName} {(entry as FileInfo)?.Length} {entry.LastWriteTimeUtc:O}")
            .Order(StringComparer.Ordinal),
    ];
}

/// <summary>Runs commands where a directory is mounted read-only, for that command alone.</summary>
internal static class ReadOnlyMount
{
    private const string Script = """mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@" """;

    /// <summary>Whether this system permits it.</summary>
    public static async Task<bool> IsPossibleAsync(string directory)
    {
        if (!File.Exists("/usr/bin/unshare"))
        {
            return false;
        }

        var result = await StartAsync(directory, directory, ["sh", "-c", $"touch {directory}/probe 2>/dev/null && exit 1 || exit 7"]);
        return result.ExitCode == 7;
    }

    /// <summary>Runs <c>quiver</c> to its end.</summary>
    public static Task<CliResult> RunAsync(string home, string data, IEnumerable<string> command) =>
        StartAsync(home, data, [Path.Combine(AppContext.BaseDirectory, "quiver"), .. command, "--data", data]);

    private static async Task<CliResult> StartAsync(string home, string mounted, IEnumerable<string> command)
    {
        var token = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("unshare", ["--mount", "sh", "-c", Script, "sh", mounted, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        start.Environment["HOME"] = home;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(token);
        var error = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return new(process.ExitCode, (await output).TrimEnd('\n'), (await error).TrimEnd('\n'));
    }
}
