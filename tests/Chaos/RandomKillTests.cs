using System.Globalization;
using Quiver.Client;
using Quiver.Tests.Cluster;
using Quiver.Tests.Services;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Chaos;

/// <summary>
/// Every kind of job on every kind of deployment, killed at random moments, ends with the points of an undisturbed run. The number of kills in
/// all is <c>QUIVER_TEST_KILLS</c> (default: one for each job); <c>bench -- chaos</c> sets it.
/// </summary>
public sealed class RandomKillTests(JobInputs inputs) : IClassFixture<JobInputs>
{
    private const string KillsVariable = "QUIVER_TEST_KILLS";
    private static readonly int JobKinds = JobInputs.Kinds.Length * Deployment.Kinds.Length;
    private const int DocumentsInFlight = 3 * 8;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(150);
    private static readonly CollectionName Collection = CollectionName.Parse("kills");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<string, string> Jobs => new(JobInputs.Kinds, Deployment.Kinds);

    private static int KillsPerJob =>
        int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var kills)
            ? (kills + JobKinds - 1) / JobKinds
            : 1;

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task Job_KilledAtRandomMoments_EndsWithThePointsOfAnUndisturbedRun(string source, string deployment)
    {
        var input = await inputs.OfAsync(source);
        var spec = new JobSpec { Tenant = TenantId.Parse("default"), Collection = Collection, Source = input.Source };
        var expected = await inputs.PointsOfAsync(source, () => RunAsync(spec, input));
        var random = Seed.For($"{source} {deployment}");

        await using var run = await Deployment.StartAsync(deployment, Patient(input.Settings));

        // The last document is not embedded before the kills are over: each of them hits a job at work.
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        run.Model.Script = async (request, token) =>
        {
            if (request.Texts.Any(static text => text.Contains(JobInputs.LastText, StringComparison.Ordinal)))
            {
                await killed.Task.WaitAsync(token);
            }

            return await AnswerSlowlyAsync(request, token);
        };
        var job = (await run.Client.SubmitAsync(spec, Token)).Id;
        var committed = -1L;
        for (var kill = 1; kill <= KillsPerJob; kill++)
        {
            // Half of the kills come when a part of the job is done, the others as soon as the process runs.
            if (random.Next(2) == 0)
            {
                Assert.NotNull(await Killer.CommittedAsync(run.Client, job, (JobInputs.Documents - DocumentsInFlight) * kill / (KillsPerJob + 1)));
            }

            await run.KillWithinAsync(random, TimeSpan.FromSeconds(1));
            var status = await run.Client.GetJobAsync(job, Token);
            Assert.True(status.LastCommittedIndex >= committed, $"The checkpoint went back from {committed} to {status.LastCommittedIndex} at kill {kill}. {Seed.Text}");
            Assert.False(status.State.IsFinal(), $"The job was {status.State} after {kill} kills: {status.ErrorCode}: {status.ErrorMessage} {Seed.Text}");
            committed = status.LastCommittedIndex;
        }

        killed.SetResult();
        run.Model.Answers(ProviderReply.Ok);
        var report = await Killer.EndedAsync(run.Client, job);

        Assert.True(
            (report.Status.State, report.Status.Counters.Documents, report.Status.Counters.Stored) == (JobState.Completed, JobInputs.Documents, JobInputs.Documents),
            $"The job ended {report.Status.State} with {report.Status.Counters}. {Seed.Text}");
        ExportedPoints.AssertSame(expected, await ExportedPoints.ReadAsync(run.Client, Collection), $"{source} on {deployment}, {Seed.Text}");
    }

    private static async Task<ExportedPoints> RunAsync(JobSpec spec, JobInput input)
    {
        await using var undisturbed = await Deployment.StartAsync(Deployment.Embedded, input.Settings);
        var job = (await undisturbed.Client.SubmitAsync(spec, Token)).Id;
        Assert.Equal((JobState.Completed, JobInputs.Documents), StateOf(await Killer.EndedAsync(undisturbed.Client, job)));
        return await ExportedPoints.ReadAsync(undisturbed.Client, Collection);

        static (JobState, long) StateOf(JobReport report) => (report.Status.State, report.Status.Counters.Stored);
    }

    /// <summary>A job waits for its last document as long as the kills take.</summary>
    private static Dictionary<string, string?> Patient(IReadOnlyDictionary<string, string?> settings) => new(settings) { ["Quiver:Jobs:MaxAttempts"] = "100" };

    // So that there is something to be killed.
    private static async Task<ProviderReply> AnswerSlowlyAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(AnswerTime);
        await timer.WaitForNextTickAsync(cancellationToken);
        return ProviderReply.Ok(request);
    }
}
