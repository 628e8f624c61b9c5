using System.Text.Json;
using Quiver.Cli;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Models;

namespace Quiver.Tests.Behaviour;

/// <summary>A collection of one model and a silo with another: refused before the first write.</summary>
public sealed class OtherModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CollectionOfAnotherModel_IsRefusedAndStaysAsItWas()
    {
        _folder.Write("a.txt", "A text about the garden.");
        await RunAsync(ExitCodes.Success, "ingest", "a.txt", "--collection", "docs");
        var before = await RunAsync(ExitCodes.Success, "collections", "export", "docs");
        _folder.Write("data/quiver.json", JsonSerializer.Serialize(new { Quiver = new { Onnx = new { ModelPath = TinyBert.Path } } }));
        _folder.Write("a.txt", "Another text.");

        var jobs = await RunAsync(ExitCodes.Success, "jobs", "list");
        var ingest = await RunAsync(ExitCodes.Conflict, "ingest", "a.txt", "--collection", "docs");
        var dryRun = await RunAsync(ExitCodes.Conflict, "ingest", "a.txt", "--collection", "docs", "--dry-run");
        var left = await RunAsync(ExitCodes.Success, "jobs", "list");
        var search = await RunAsync(ExitCodes.Conflict, "search", "garden", "--collection", "docs");
        var elsewhere = await RunAsync(ExitCodes.Success, "ingest", "a.txt", "--collection", "other");

        ingest.AssertRefused(ExitCodes.Conflict, ErrorCodes.DimensionMismatch);
        dryRun.AssertRefused(ExitCodes.Conflict, ErrorCodes.DimensionMismatch);
        Assert.Contains("(384 dimensions)", ingest.Error, StringComparison.Ordinal);
        Assert.Contains("(16)", ingest.Error, StringComparison.Ordinal);
        Assert.Equal(jobs.Lines.Count, left.Lines.Count);
        search.AssertRefused(ExitCodes.Conflict, ErrorCodes.ModelMismatch);
        Assert.Contains("other", elsewhere.Error, StringComparison.Ordinal);
        Assert.Equal(before.Out, (await RunAsync(ExitCodes.Success, "collections", "export", "docs")).Out);
    }

    private async Task<CliResult> RunAsync(int exitCode, params string[] command)
    {
        var result = await CliRun.InvokeAsync(_folder.Path, [.. command, "--data", _folder.At("data")]);
        Assert.True(result.ExitCode == exitCode, $"{string.Join(' ', command)}: {result}");
        return result;
    }
}
