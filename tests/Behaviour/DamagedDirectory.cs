using System.Globalization;
using Quiver.Cli;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>A data directory with finished jobs, an older copy of it, and what commands say about it. Tests damage copies.</summary>
public sealed class DamagedDirectory : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();

    /// <summary>Commands that read, together every store.</summary>
    internal static IReadOnlyList<string[]> Reading { get; } =
    [
        ["jobs", "list", "--json"],
        ["collections", "show", "c", "--json"],
        ["collections", "verify", "c", "--json"],
        ["collections", "export", "c"],
        ["search", "boats", "--collection", "c", "--json"],
    ];

    /// <summary>The files of a data directory that hold data.</summary>
    internal static IReadOnlyList<string> Files { get; } =
        ["ledger.db", "grains.db", "cache/embeddings.db", "vectors/*/index.db", "vectors/*/vectors.bin", "manifest.json", "artifacts.key"];

    internal string Home => _home.Path;

    /// <summary>The directory.</summary>
    internal string Whole => _home.At("whole");

    /// <summary>The directory before its last job.</summary>
    internal string Older => _home.At("older");

    /// <summary>What <see cref="Reading"/> say about the directory.</summary>
    internal IReadOnlyList<CliResult> Answers { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var folder = Directory.CreateDirectory(Whole).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "quiver.json"), """{"Quiver":{"FlatIndex":{"SegmentBytes":1048576}}}""");
        WriteDocuments(0, 12, "Some words about boats");
        await IngestAsync(Whole);
        await File.WriteAllBytesAsync(Path.Combine(folder, "artifacts.key"), new byte[32]);
        Copy(Whole, Older);
        WriteDocuments(10, 16, "Other words about boats and trains");
        await IngestAsync(Whole);

        // Under load a write-ahead log may stay, and then it replaces the pages that a test damages.
        Assert.Equal(ExitCodes.Success, (await RunAsync(Whole, "compact")).ExitCode);

        // A search stores the embedding of its query: all later ones find it there.
        Answers = await ReadAsync(Whole);
        Answers = await ReadAsync(Whole);
        Assert.All(Answers, static answer => Assert.True(answer.ExitCode == ExitCodes.Success, answer.Error));
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A copy to damage.</summary>
    internal static string CopyTo(TemporaryFolder folder, string from)
    {
        Copy(from, folder.At("data"));
        return folder.At("data");
    }

    /// <summary>The path of a file by its pattern.</summary>
    internal static string Find(string data, string pattern) => pattern.Contains('*', StringComparison.Ordinal)
        ? Path.Combine(Assert.Single(Directory.EnumerateDirectories(Path.Combine(data, "vectors"))), Path.GetFileName(pattern))
        : Path.Combine(data, pattern);

    internal async Task<IReadOnlyList<CliResult>> ReadAsync(string data)
    {
        List<CliResult> results = [];
        foreach (var command in Reading)
        {
            results.Add(await RunAsync(data, command));
        }

        return results;
    }

    /// <summary>Ingests the documents, most of which are stored.</summary>
    internal Task<CliResult> IngestAsync(string data) => RunAsync(data, "ingest", _home.At("docs"), "--collection", "c", "--json");

    internal Task<CliResult> RunAsync(string data, params string[] arguments) => CliRun.InvokeAsync(_home.Path, [.. arguments, "--data", data]);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private void WriteDocuments(int from, int to, string text)
    {
        for (var i = from; i < to; i++)
        {
            _home.Write($"docs/{i}.txt", string.Create(CultureInfo.InvariantCulture, $"{text}, number {i}."));
        }
    }
}
