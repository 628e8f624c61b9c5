using System.Text;
using System.Text.Json;
using Quiver.Cli;
using Quiver.Client.Json;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>Documents that cannot be taken fail alone.</summary>
[Collection(BehaviourCollection.Name)]
public sealed class FailureTests(BehaviourServer server)
{
    private const int Good = 10;

    // The walk goes by name, so that this is the order of the documents: ten good ones, the lines, the files.
    private static readonly (long Ordinal, string Id, string Code)[] Expected =
    [
        (Good, "data/b-lines.jsonl#0", ErrorCodes.MalformedRecord),
        (Good + 1, "data/b-lines.jsonl#1", ErrorCodes.MissingText),
        (Good + 2, "data/b-lines.jsonl#2", ErrorCodes.InvalidUtf8),
        (Good + 3, "data/b-lines.jsonl#3", ErrorCodes.DocumentTooLarge),
        (Good + 5, "data/c-large.txt", ErrorCodes.DocumentTooLarge),
        (Good + 6, "data/d-latin.txt", ErrorCodes.InvalidUtf8),
        (Good + 7, "data/e-binary.txt", ErrorCodes.BinaryFile),
        (Good + 8, "data/f-empty.txt", ErrorCodes.EmptyDocument),
    ];

    private readonly BehaviourTenant _tenant = server.NewTenant();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ingest_BadDocumentsWithinTheTolerance_FailAloneAndAreListed()
    {
        var ingest = await IngestAsync(tolerated: 0.5);

        var report = JsonSerializer.Deserialize(ingest.Out, QuiverJsonContext.Shared.JobReport)!;
        var listed = await _tenant.CliAsync("jobs", "failures", report.Status.Id.Value, "--json");
        var failures = listed.Lines.Select(static line => JsonSerializer.Deserialize(line, QuiverJsonContext.Shared.FailedDocument)!).ToList();
        Assert.Equal(ExitCodes.Warnings, ingest.ExitCode);
        Assert.Equal(
            (JobState.CompletedWithWarnings, Good + 9L, Good + 1L, 8L),
            (report.Status.State, report.Status.Counters.Documents, report.Status.Counters.Stored, report.Status.Counters.Failed));
        Assert.Equal(ExitCodes.Success, listed.ExitCode);
        Assert.Equal(Expected, failures.Select(static failure => (failure.Ordinal, failure.DocumentId, failure.Code)));
        Assert.All(failures, static failure => Assert.StartsWith($"{failure.DocumentId.Split('#')[0]}: ", failure.Reason, StringComparison.Ordinal));
        Assert.Equal(Good + 1, (await _tenant.ExportAsync()).Documents().Count);
    }

    [Fact]
    public async Task Ingest_BadDocumentsAboveTheTolerance_FailsTheJobAndKeepsTheGoodOnes()
    {
        var ingest = await IngestAsync(tolerated: 0.1);

        var report = JsonSerializer.Deserialize(ingest.Out, QuiverJsonContext.Shared.JobReport)!;
        Assert.Equal(ExitCodes.Failure, ingest.ExitCode);
        Assert.Equal((JobState.Failed, ErrorCodes.TooManyFailures), (report.Status.State, report.Status.ErrorCode));
        Assert.Contains($"8 of {Good + 9} documents", report.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(8, (await _tenant.Client.ListFailuresAsync(report.Status.Id, cancellationToken: Token)).Items.Length);
        Assert.Equal(Good + 1, (await _tenant.ExportAsync()).Documents().Count);
    }

    [Fact]
    public async Task Ingest_MendedDocuments_StoresThemWithoutTheOthers()
    {
        await IngestAsync(tolerated: 0.5);
        var before = await _tenant.ExportAsync();
        File.Delete(_tenant.At("data/e-binary.txt"));
        File.Delete(_tenant.At("data/c-large.txt"));
        _tenant.Write("data/d-latin.txt", "The café is open.");
        _tenant.Write("data/f-empty.txt", "No longer empty.");
        _tenant.Write("data/b-lines.jsonl", string.Join('\n', Enumerable.Range(0, 4).Select(static line => $$"""{"text":"Line {{line}} was repaired."}""")) + "\n{\"text\":\"A good line.\"}\n");

        var report = await _tenant.IngestAsync(_tenant.At("data"));

        Assert.Equal((JobState.Completed, 6L, Good + 1L), (report.Status.State, report.Status.Counters.Stored, report.Status.Counters.Unchanged));
        var after = await _tenant.ExportAsync();
        ExportedPoints.AssertSame(before, after.Of(before.Documents().Contains), "A good document was written again");
        Assert.Equal(Good + 7, after.Documents().Count);
    }

    [Fact]
    public async Task Retry_OfAJobWhoseSourceIsBack_Completes()
    {
        var first = await HoldTheTurnAsync();
        var path = _tenant.Write("late.txt", "This file comes and goes.");
        var job = (await _tenant.Client.SubmitAsync(_tenant.Spec(path), Token)).Id;
        File.Delete(path);
        await _tenant.Client.CancelJobAsync(first, Token);
        var failed = await _tenant.EndAsync(job);
        _tenant.Write("late.txt", "This file comes and goes.");

        await _tenant.Client.RetryJobAsync(job, Token);
        var report = await _tenant.EndAsync(job);

        Assert.Equal((JobState.Failed, ErrorCodes.PathNotFound), (failed.Status.State, failed.Status.ErrorCode));
        Assert.Equal((JobState.Completed, 1L, null), (report.Status.State, report.Status.Counters.Stored, report.Status.ErrorCode));
        Assert.Contains("This file comes and goes.", await _tenant.SearchAsync("file"));
    }

    /// <summary>A job that is busy for longer than this test needs; the tenant's others wait for it.</summary>
    private async Task<JobId> HoldTheTurnAsync()
    {
        var path = _tenant.Write("busy.jsonl", string.Join('\n', Enumerable.Range(0, 20_000).Select(static line => $$"""{"text":"Line {{line}} keeps the machine busy."}""")));
        return (await _tenant.Client.SubmitAsync(_tenant.Spec(path), Token)).Id;
    }

    private async Task<CliResult> IngestAsync(double tolerated)
    {
        for (var number = 0; number < Good; number++)
        {
            _tenant.Write($"data/a-{number}.txt", $"Good text {number} about the garden.");
        }

        var lines = string.Join('\n', """{"text":"cut off""", """{"title":"no text"}""", "{\"text\":\"caf\u00e9\"}", $$"""{"text":"{{new string('x', 3000)}}"}""", """{"text":"A good line."}""");
        await File.WriteAllBytesAsync(_tenant.At("data/b-lines.jsonl"), Encoding.Latin1.GetBytes(lines), Token);
        _tenant.Write("data/c-large.txt", new string('y', 3000));
        await File.WriteAllBytesAsync(_tenant.At("data/d-latin.txt"), Encoding.Latin1.GetBytes("The café is closed."), Token);
        await File.WriteAllBytesAsync(_tenant.At("data/e-binary.txt"), [1, 2, 0, 3, 4], Token);
        _tenant.Write("data/f-empty.txt", "");
        return await _tenant.CliAsync(
            "ingest", _tenant.At("data"), "--collection", "docs", "--max-document-bytes", "2000", "--json",
            "--max-failure-ratio", tolerated.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
