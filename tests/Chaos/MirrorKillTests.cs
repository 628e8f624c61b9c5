using Quiver.Tests.Support;

namespace Quiver.Tests.Chaos;

/// <summary>A mirrored source that changed a lot, and the process that takes the changes over is killed on the way.</summary>
[Collection(ChaosCollection.Name)]
public sealed class MirrorKillTests(UndisturbedRuns runs) : IDisposable
{
    private const int Documents = 1000;
    private const int Kills = 4;

    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Mirror_KilledAgainAndAgain_EndsWithThePointsOfAnUndisturbedMirror()
    {
        var path = _home.At("documents.jsonl");
        var original = await File.ReadAllLinesAsync((await runs.OverAsync(Documents)).Path, TestContext.Current.CancellationToken);
        var (expected, actual) = (_home.At("undisturbed"), _home.At("disturbed"));
        await File.WriteAllLinesAsync(path, original, TestContext.Current.CancellationToken);
        foreach (var data in (string[])[expected, actual])
        {
            await QuiverProcess.RunAsync(_home.Path, UndisturbedRuns.Ingest(path, data, "--sync", "mirror"), UndisturbedRuns.Settings);
        }

        var random = Seed.For(nameof(MirrorKillTests));
        ChaosDocuments.WriteChanged(path, original, random);
        var undisturbed = UndisturbedRuns.ReportOf(await QuiverProcess.RunAsync(_home.Path, UndisturbedRuns.Ingest(path, expected, "--sync", "mirror", "--json"), UndisturbedRuns.Settings));

        var report = await RunAndKillAsync(actual, undisturbed, new Killer(random));

        var changed = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        var points = await UndisturbedRuns.ExportAsync(_home.Path, actual);
        ExportedPoints.AssertSame(await UndisturbedRuns.ExportAsync(_home.Path, expected), points, Seed.Text);
        Assert.Equal(changed.Length, points.Documents().Count);

        // A sweep that was killed before its checkpoint has deleted without counting.
        Assert.InRange(report.Status.Counters.Deleted, 0, undisturbed.Status.Counters.Deleted);
        Assert.Equal(
            (undisturbed.Status.State, undisturbed.Status.Counters.Documents, undisturbed.Status.Counters.Stored, undisturbed.Status.Counters.Unchanged),
            (report.Status.State, report.Status.Counters.Documents, report.Status.Counters.Stored, report.Status.Counters.Unchanged));
    }

    /// <summary>Kills come while documents are taken over and, the last one, around the time when deleting begins.</summary>
    private async Task<JobReport> RunAndKillAsync(string data, JobReport undisturbed, Killer killer)
    {
        JobId? job = null;
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var server = await StartAsync(data);
            job ??= (await server.Client.SubmitAsync(undisturbed.Status.Spec, TestContext.Current.CancellationToken)).Id;
            if (await Killer.CommittedAsync(server.Client, job.Value, (undisturbed.Status.Counters.Documents * kill / Kills) - 1) is null)
            {
                break;
            }

            await killer.KillWithinAsync(server.Process, TimeSpan.FromSeconds(0.1));
        }

        await using var last = await StartAsync(data);
        var report = await Killer.EndedAsync(last.Client, job!.Value);
        await last.Process.TerminateAsync();
        Assert.Equal(0, await last.Process.ExitAsync());
        return report;
    }

    private Task<ServeProcess> StartAsync(string data) => ServeProcess.StartAsync(_home.Path, data, UndisturbedRuns.Settings);
}
