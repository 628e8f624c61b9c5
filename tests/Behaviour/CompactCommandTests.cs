using System.Globalization;
using Quiver.Cli;
using Quiver.Silo.DataDirectory;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>Commands on a data directory that another process holds, and <c>quiver compact</c> on one that no process holds.</summary>
public sealed class CompactCommandTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _home.At("data");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Compact_AfterADeletion_ShrinksTheDirectoryAndEverythingStillWorks()
    {
        _home.Write("docs/trains.txt", "Some words about trains.");
        for (var i = 0; i < 300; i++)
        {
            _home.Write($"docs/other-{i}.txt", string.Join(' ', Enumerable.Range(i, 60).Select(static word => word.ToString(CultureInfo.InvariantCulture))));
        }

        Assert.Equal(ExitCodes.Success, (await RunAsync("ingest", "docs", "--collection", "c")).ExitCode);
        foreach (var file in Directory.EnumerateFiles(_home.At("docs"), "other-*").ToList())
        {
            File.Delete(file);
        }

        Assert.Equal(ExitCodes.Success, (await RunAsync("ingest", "docs", "--collection", "c", "--sync", "mirror")).ExitCode);
        var before = Size();

        var compacted = await RunAsync("compact");

        Assert.True(compacted.ExitCode == ExitCodes.Success, compacted.Error);
        Assert.StartsWith("STORE", compacted.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("total", compacted.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(["embedding cache", "grain state", "index", "ledger"], compacted.Lines.Skip(1).SkipLast(1).Select(Name).Order());
        Assert.True(Size() < before, $"{Size()} bytes after {before}");
        Assert.Contains("trains", (await RunAsync("search", "trains", "--collection", "c")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, (await RunAsync("collections", "verify", "c")).ExitCode);

        static string Name(string line) => line.StartsWith("index ", StringComparison.Ordinal) ? "index" : line.Split("  ")[0];
    }

    [Fact]
    public async Task Compact_OfAHeldDirectory_SaysWhoHoldsItAndWhatToDo()
    {
        await using var held = await DataDirectoryLock.AcquireAsync(Data, "quiver serve", TimeProvider.System, Token);
        await held.PublishAsync(new Uri("http://127.0.0.1:4711"), Token);

        var refused = await RunAsync("compact");

        refused.AssertRefused(ExitCodes.Conflict, ErrorCodes.DataDirectoryLocked);
        Assert.Contains($"quiver serve (process {Environment.ProcessId}, since ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("at http://127.0.0.1:4711", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compact_OfAMissingDirectory_CreatesNothing()
    {
        (await RunAsync("compact")).AssertRefused(ExitCodes.Usage, ErrorCodes.InvalidOption);

        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Ingest_WhileAnotherCommandHoldsTheDirectory_NamesThatCommand()
    {
        _home.Write("a.txt", "Some words about trains.");
        await using var held = await DataDirectoryLock.AcquireAsync(Data, "quiver jobs resume", TimeProvider.System, Token);

        var refused = await RunAsync("ingest", "a.txt", "--collection", "c");

        refused.AssertRefused(ExitCodes.Conflict, ErrorCodes.DataDirectoryLocked);
        Assert.Contains($"'quiver jobs resume' (process {Environment.ProcessId}, since ", refused.Error, StringComparison.Ordinal);
    }

    private long Size() => Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories)
        .Where(static path => Path.GetFileName(path) != "vectors.bin").Sum(static path => new FileInfo(path).Length);

    private Task<CliResult> RunAsync(params string[] arguments) => CliRun.InvokeAsync(_home.Path, [.. arguments, "--data", Data]);
}
