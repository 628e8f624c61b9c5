using FsCheck;
using FsCheck.Fluent;
using Quiver.Core.Tenants;

namespace Quiver.Tests.Unit.Core.Tenants;

public sealed class AdmissionQueueTests
{
    [Fact]
    public void Request_FreeTurn_IsGivenAndRepeatable()
    {
        var queue = new AdmissionQueue().Request(Job(1), 2, 10, out var first);
        var again = queue.Request(Job(1), 2, 10, out var second);

        Assert.True(first && second);
        Assert.Same(queue, again);
    }

    [Fact]
    public void Request_NoTurn_GetsOnePlaceInOrder()
    {
        var queue = Build(running: [1], waiting: [2]).Request(Job(3), 1, 10, out var admitted);
        var again = queue.Request(Job(2), 1, 10, out _);

        Assert.False(admitted);
        Assert.Equal([Job(2), Job(3)], queue.Waiting);
        Assert.Same(queue, again);
    }

    [Fact]
    public void Request_QueueFull_IsRefusedAndSaysWhatToDo()
    {
        var queue = Build(running: [1], waiting: [2, 3]);

        var error = Assert.Throws<ConflictException>(() => queue.Request(Job(4), 1, 2, out _));
        Assert.Equal((ErrorCodes.QueueFull, "The tenant's queued-job limit is reached (2): wait until a job ends, or cancel one."), (error.Code, error.Message));
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(1, 3, false)]
    [InlineData(2, 3, true)]
    [InlineData(2, 4, false)]
    public void Request_LimitRaisedMeanwhile_AdmitsThoseThatThereIsRoomFor(int room, int job, bool expected)
    {
        var queue = Build(running: [1], waiting: [2, 3, 4]).Request(Job(job), 1 + room, 10, out var admitted);

        Assert.Equal(expected, admitted);
        Assert.Equal(expected, queue.Running.Contains(Job(job)));
        Assert.Equal(!expected, queue.Waiting.Contains(Job(job)));
    }

    [Fact]
    public void Request_NewcomerWhileOthersWait_GoesToTheEndEvenIfThereIsRoom()
    {
        var queue = Build(running: [], waiting: [2]).Request(Job(3), 2, 10, out var admitted);

        Assert.False(admitted);
        Assert.Equal([Job(2), Job(3)], queue.Waiting);
    }

    [Theory]
    [InlineData(1, "2", "2", "3,4")]
    [InlineData(3, "", "1", "2,4")]
    [InlineData(9, "", "1", "2,3,4")]
    public void Release_Job_GivesItsTurnToTheNext(int job, string admitted, string running, string waiting)
    {
        var queue = Build(running: [1], waiting: [2, 3, 4]).Release(Job(job), 1, out var notified);

        Assert.Equal((admitted, running, waiting), (Show(notified), Show(queue.Running), Show(queue.Waiting)));
    }

    [Fact]
    public void Release_LimitLoweredMeanwhile_AdmitsNobody()
    {
        var queue = Build(running: [1, 2, 3], waiting: [4]).Release(Job(1), 1, out var admitted);

        Assert.Empty(admitted);
        Assert.Equal("2,3", Show(queue.Running));
    }

    [Fact]
    public void Queue_AnyCalls_KeepLimitsAndOrder()
    {
        // Even numbers ask for the job number/2, odd ones release it.
        var calls = Gen.Choose(0, 23).ArrayOf().ToArbitrary();
        const int MaxRunning = 2;
        const int MaxWaiting = 4;

        Prop.ForAll(calls, numbers =>
        {
            var queue = new AdmissionQueue();
            var asked = new List<JobId>();
            foreach (var number in numbers)
            {
                var job = Job(number / 2);
                if (number % 2 == 0)
                {
                    var known = asked.Contains(job);
                    try
                    {
                        queue = queue.Request(job, MaxRunning, MaxWaiting, out var admitted);
                        Assert.Equal(admitted, queue.Running.Contains(job));
                        asked.AddRange(known ? [] : [job]);
                    }
                    catch (ConflictException)
                    {
                        Assert.False(known);
                        Assert.Equal(MaxWaiting, queue.Waiting.Length);
                    }
                }
                else
                {
                    var before = queue;
                    queue = queue.Release(job, MaxRunning, out var admitted);
                    asked.Remove(job);
                    Assert.Equal(queue.Running.Except(before.Running), admitted);
                }

                // Those that asked are there, each once, and first come runs first.
                Assert.Equal(asked, [.. queue.Running, .. queue.Waiting]);
                Assert.InRange(queue.Running.Length, Math.Min(MaxRunning, asked.Count), MaxRunning);
                Assert.InRange(queue.Waiting.Length, 0, MaxWaiting);
            }
        }).QuickCheckThrowOnFailure();
    }

    private static JobId Job(int number) => JobId.Parse($"j{number}");

    private static AdmissionQueue Build(int[] running, int[] waiting) => new() { Running = [.. running.Select(Job)], Waiting = [.. waiting.Select(Job)] };

    private static string Show(IEnumerable<JobId> jobs) => string.Join(',', jobs.Select(job => job.Value[1..]));
}
