using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Quiver.Client.Json;
using Quiver.Tests.Support;

namespace Quiver.Tests.Chaos;

/// <summary>The runs that disturbed ones are compared with, each made once, by the real executable.</summary>
public sealed class UndisturbedRuns : IDisposable
{
    /// <summary>Where the tests' points go.</summary>
    internal static readonly CollectionName Collection = CollectionName.Parse("chaos");

    /// <summary>Documents that are in flight at most, with <see cref="Settings"/>.</summary>
    internal const int DocumentsInFlight = 4 * 16;

    /// <summary>
    /// Small steps, so that a kill can hit many of them. One computing thread leaves the other processor to the tests, so that kills come
    /// when they are meant to.
    /// </summary>
    internal static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["QUIVER__JOBS__MAXINFLIGHT"] = "4",
        ["QUIVER__JOBS__BATCHDOCUMENTS"] = "16",
        ["QUIVER__ONNX__THREADS"] = "1",
        ["QUIVER__JOBS__CHECKPOINTINTERVAL"] = "00:00:00.250",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<int, Lazy<Task<UndisturbedRun>>> _runs = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The run over so many documents.</summary>
    internal Task<UndisturbedRun> OverAsync(int count) => _runs.GetOrAdd(count, number => new(() => MakeAsync(number))).Value;

    /// <summary>The arguments of an ingestion.</summary>
    internal static string[] Ingest(string path, string data, params string[] more) =>
        ["ingest", path, "--collection", Collection.Value, "--id-field", "id", "--data", data, .. more];

    /// <summary>The points that the executable exports from a data directory.</summary>
    internal static async Task<ExportedPoints> ExportAsync(string home, string data) =>
        ExportedPoints.Read((await QuiverProcess.RunAsync(home, ["collections", "export", Collection.Value, "--data", data])).Lines);

    /// <summary>The report that a command printed with <c>--json</c>.</summary>
    internal static JobReport ReportOf(LineLog output) => JsonSerializer.Deserialize(output.Text, QuiverJsonContext.Shared.JobReport)!;

    private async Task<UndisturbedRun> MakeAsync(int count)
    {
        var home = _folder.At(count.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(home);
        var path = Path.Combine(home, "documents.jsonl");
        ChaosDocuments.Write(path, count, Seed.For(nameof(ChaosDocuments)));
        var data = Path.Combine(home, "data");
        var report = ReportOf(await QuiverProcess.RunAsync(home, Ingest(path, data, "--json"), Settings));
        return new(path, report, await ExportAsync(home, data));
    }
}
