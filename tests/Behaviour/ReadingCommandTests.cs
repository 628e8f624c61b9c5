using System.Text.Json.Nodes;
using Quiver.Cli.Sessions;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Sessions;
using Quiver.Silo.Sessions.Reading;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>Commands that only read need no server, start no silo, mind no other process and write nothing.</summary>
public sealed class ReadingCommandTests : IDisposable
{
    private static readonly Dictionary<string, string> SmallSteps = new()
    {
        ["QUIVER__JOBS__MAXINFLIGHT"] = "2",
        ["QUIVER__JOBS__BATCHDOCUMENTS"] = "8",
        ["QUIVER__JOBS__CHECKPOINTINTERVAL"] = "00:00:00.200",
        ["QUIVER__ONNX__THREADS"] = "1",
    };

    private readonly TemporaryFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _home.At("data");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task EveryCommand_SaysTheSameWithoutAServerAsWithOne()
    {
        var job = await IngestAsync(40);
        var alone = await RunAllAsync(Data, job);

        List<CliResult> served;
        await using (await ServeProcess.StartAsync(_home.Path, Data))
        {
            served = await RunAllAsync(Data, job);
        }

        AssertSame(job, served, alone);
        Assert.Contains(alone, static result => result.Out.Contains("\"hits\":[{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EveryCommand_WorksWhileAnotherProcessHoldsTheDirectory()
    {
        var job = await IngestAsync(40);
        var free = await RunAllAsync(Data, job);

        await using var held = await DataDirectoryLock.AcquireAsync(Data, "test", TimeProvider.System, Token);

        AssertSame(job, free, await RunAllAsync(Data, job));
        Assert.Equal(4, (await ReadingCommands.RunAsync(_home.Path, Data, ["jobs", "cancel", job])).ExitCode);
    }

    [Fact]
    public async Task EveryCommand_OfAMissingDirectory_CreatesNothing()
    {
        foreach (var result in await RunAllAsync(_home.At("none"), "01unknown0job00000"))
        {
            Assert.True(result.ExitCode is 0 or 3, result.Out + result.Error);
            Assert.False(Directory.Exists(_home.At("none")));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EveryCommand_WorksOnAReadOnlyDirectory(bool killed)
    {
        Assert.SkipUnless(await ReadOnlyMount.IsPossibleAsync(_home.Path), "This system lets tests mount nothing.");
        var job = killed ? await IngestAndKillAsync() : await IngestAsync(40);
        var before = ReadingCommands.Files(Data);
        List<CliResult> mounted = [];
        foreach (var command in ReadingCommands.Of(job))
        {
            mounted.Add(await ReadOnlyMount.RunAsync(_home.Path, Data, command));
        }

        Assert.Equal(before, ReadingCommands.Files(Data));
        AssertSame(job, await RunAllAsync(Data, job), mounted);
    }

    [Fact]
    public async Task KilledJob_IsInterrupted_AndCanBeSeenWithoutWakingIt()
    {
        var job = await IngestAndKillAsync();

        var listed = await ReadingCommands.FindJobAsync(_home.Path, Data);
        var shown = await ReadingCommands.RunAsync(_home.Path, Data, ["jobs", "show", job]);
        var watched = await ReadingCommands.RunAsync(_home.Path, Data, ["jobs", "watch", job, "--json"]);
        var table = await ReadingCommands.RunAsync(_home.Path, Data, ["jobs", "list"]);

        Assert.Equal(("running", false), (listed!["state"]!.GetValue<string>(), listed["active"]!.GetValue<bool>()));
        Assert.Contains("interrupted", shown.Out, StringComparison.Ordinal);
        Assert.Contains("interrupted", table.Out, StringComparison.Ordinal);
        Assert.Equal(4, watched.ExitCode);
        var events = watched.Lines.SkipLast(1).Select(static line => JsonNode.Parse(line)!["sequence"]!.GetValue<long>()).ToList();
        Assert.Equal(Enumerable.Range(1, events.Count).Select(static number => (long)number), events);
        Assert.Contains("job_not_running", watched.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunningJobOfACommand_IsSeenByOthers_WithCountsThatOnlyGrow_AndFollowedToItsEnd()
    {
        await using var ingest = Start(400);
        var job = await FrozenInTheMiddleAsync(ingest);
        await using var watch = QuiverProcess.Start(_home.Path, ["jobs", "watch", job, "--data", Data]);
        Assert.True((await ReadingCommands.FindJobAsync(_home.Path, Data))!["active"]!.GetValue<bool>(), "The running job is not shown as active.");
        await ingest.ThawAsync();
        var (documents, points) = (0L, 0L);
        for (var state = "running"; state is "running" or "queued";)
        {
            var listed = (await ReadingCommands.FindJobAsync(_home.Path, Data))!;
            var collections = (await ReadingCommands.ReadAsync(_home.Path, Data, "collections", "show", ReadingCommands.Collection))["points"]!.GetValue<long>();
            var hits = (await ReadingCommands.ReadAsync(_home.Path, Data, "search", "boats", "--collection", ReadingCommands.Collection))["hits"]!.AsArray();
            state = listed["state"]!.GetValue<string>();
            var committed = listed["counters"]!["documents"]!.GetValue<long>();
            Assert.True(committed >= documents && collections >= points, $"{documents} → {committed} documents, {points} → {collections} points");
            Assert.Equal(Math.Min(points, 10), Math.Min(hits.Count, points));
            (documents, points) = (committed, collections);
        }

        Assert.Equal(5, await ingest.ExitAsync());
        Assert.True(await watch.ExitAsync() == 5, watch.Describe("should have followed the job to its end"));
        Assert.Equal(401, (await ReadingCommands.FindJobAsync(_home.Path, Data))!["counters"]!["documents"]!.GetValue<long>());
    }

    [Fact]
    public async Task Session_OfACommandThatOnlyReads_HasNoSiloAndOpensNoStoreForTheLedger()
    {
        await IngestAsync(40);
        var request = new SessionRequest { DataDirectory = Data, Tenant = TenantId.Parse("default"), OnlyReads = true };

        await using var session = await new SessionFactory(TimeProvider.System).OpenAsync(request, Token);
        var jobs = await session.Client.ListJobsAsync(new(), Token);
        await session.Client.GetReportAsync(Assert.Single(jobs.Items).Id, Token);

        var reading = Assert.IsType<ReadingSession>(session);
        Assert.False(reading.Reader.HasOpenedStores);
        Assert.Null(await DataDirectoryLock.FindHolderAsync(Data, Token));
        await Assert.ThrowsAsync<PermanentException>(() => session.Client.CancelJobAsync(jobs.Items[0].Id, Token));
    }

    private async Task<List<CliResult>> RunAllAsync(string data, string job)
    {
        List<CliResult> results = [];
        foreach (var command in ReadingCommands.Of(job))
        {
            results.Add(await ReadingCommands.RunAsync(_home.Path, data, command));
        }

        return results;
    }

    private static void AssertSame(string job, List<CliResult> expected, List<CliResult> actual) => Assert.All(
        ReadingCommands.Of(job).Zip(expected, actual),
        static pair => Assert.True(ReadingCommands.Sort(pair.Second) == ReadingCommands.Sort(pair.Third), $"{string.Join(' ', pair.First)}\n{Shorten(pair.Second)}\n{Shorten(pair.Third)}"));

    private static string Shorten(CliResult result) => $"{result.ExitCode}: {result.Out[..Math.Min(result.Out.Length, 2000)]} {result.Error}";

    private QuiverProcess Start(int documents) => QuiverProcess.Start(
        _home.Path,
        ["ingest", ReadingCommands.Write(_home, documents), "--collection", ReadingCommands.Collection, "--id-field", "id", "--data", Data, "--json"],
        SmallSteps);

    private async Task<string> IngestAsync(int documents)
    {
        await using var ingest = Start(documents);
        Assert.True(await ingest.ExitAsync() == 5, ingest.Describe("should have ended with warnings"));

        // Not asked of a command, which leaves SQLite's files of locks behind.
        return JsonNode.Parse(ingest.Out.Text)!["status"]!["id"]!.GetValue<string>();
    }

    private async Task<string> IngestAndKillAsync()
    {
        await using var ingest = Start(2000);
        var job = await FrozenInTheMiddleAsync(ingest);
        ingest.Kill();
        await ingest.ExitAsync();
        return job;
    }

    /// <summary>The job, once some of its documents are committed; its process is frozen, so that the others can take their time.</summary>
    private async Task<string> FrozenInTheMiddleAsync(QuiverProcess ingest)
    {
        await ingest.LineAsync(
            ingest.Error, static line => line.StartsWith("running: ", StringComparison.Ordinal) && !line.Contains(" 0 documents", StringComparison.Ordinal), "progress");
        await ingest.FreezeAsync();
        var job = (await ReadingCommands.FindJobAsync(_home.Path, Data))!;
        Assert.True(job["state"]!.GetValue<string>() == "running", ingest.Describe("should still be at work"));
        return job["id"]!.GetValue<string>();
    }
}
