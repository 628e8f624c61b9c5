using FsCheck;
using FsCheck.Fluent;
using Quiver.Core.Jobs;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class JobMachinePropertyTests
{
    private static readonly JobState[] NeverLeft = [JobState.Completed, JobState.CompletedWithWarnings, JobState.Cancelled];

    [Fact]
    public void Decide_RandomTriggers_KeepTheInvariants()
    {
        var triggers = Gen.Elements(Enum.GetValues<JobTrigger>()).ArrayOf().ToArbitrary();

        Prop.ForAll(triggers, sequence =>
        {
            var job = JobSamples.Record();
            var now = JobSamples.Start;
            foreach (var trigger in sequence)
            {
                now = now.AddSeconds(1);
                var decision = JobMachine.Decide(job, trigger, now, "broken", trigger == JobTrigger.Fail ? "It broke." : null);
                Check(job, decision, now);
                job = decision.Next ?? job;
            }

            Assert.Equal(Enumerable.Range(1, job.Outbox.Length).Select(i => (long)i), job.Outbox.Select(entry => entry.Sequence));
        }).QuickCheckThrowOnFailure();
    }

    private static void Check(JobRecord before, JobDecision decision, DateTimeOffset now)
    {
        Assert.True(decision.Next is null ^ decision.Refusal is null);
        if (decision.Next is not { } after)
        {
            Assert.DoesNotContain(decision.Refusal!.Allowed, command => JobMachine.Next(before.State, command) is null);
            return;
        }

        Assert.Equal(after.State.IsFinal(), after.FinishedAt is not null);
        Assert.True(after.State is JobState.Failed or JobState.Paused || after.ErrorCode is null);
        Assert.True(after.State != JobState.Failed || after.ErrorCode is not null);
        Assert.True(after.State != JobState.Running || after.StartedAt is not null);
        Assert.True(before.StartedAt is null || after.StartedAt == before.StartedAt);
        Assert.True(!NeverLeft.Contains(before.State) || after.State == before.State);
        Assert.True(ReferenceEquals(before, after) || after.Outbox[^1].At == now);
        Assert.True(after.LastEventSequence >= before.LastEventSequence);
    }
}
