using FsCheck;
using FsCheck.Fluent;
using Quiver.Embedded.Scheduling;

namespace Quiver.Tests.Unit.Embedded;

public sealed class ActivationTaskSchedulerTests
{
    [Fact]
    public async Task Turns_FromManyThreads_RunOneAtATimeAndInTheOrderOfEachThread()
    {
        var scheduler = new ActivationTaskScheduler(null);
        var inside = 0;
        var violations = 0;
        var order = new List<(int Producer, int Number)>();
        var left = new CountdownEvent(4 * 5_000);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(producer => Task.Run(() =>
        {
            for (var number = 0; number < 5_000; number++) scheduler.Enqueue(new Turn(producer, number, Take));
        })));

        await done.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(0, violations);
        Assert.All(order.GroupBy(turn => turn.Producer), turns => Assert.Equal(Enumerable.Range(0, 5_000), turns.Select(turn => turn.Number)));

        void Take(int producer, int number)
        {
            if (Interlocked.Increment(ref inside) != 1) Interlocked.Increment(ref violations);
            if (!ReferenceEquals(TaskScheduler.Current, scheduler)) Interlocked.Increment(ref violations);
            order.Add((producer, number));
            Interlocked.Decrement(ref inside);
            if (left.Signal()) done.SetResult();
        }
    }

    [Fact]
    public void Workload_OfAnyShape_IsExclusiveAndComplete() =>
        Prop.ForAll(Gen.Choose(0, 3).ArrayOf().ToArbitrary(), RunWorkload).QuickCheckThrowOnFailure();

    [Fact]
    public async Task Task_QueuedBehindAnother_IsNotInlined()
    {
        var scheduler = new ActivationTaskScheduler(null);
        var order = new List<int>();
        var last = Task.Factory.StartNew(
            async () =>
            {
                var queued = Task.Factory.StartNew(() => order.Add(2), CancellationToken.None, TaskCreationOptions.None, scheduler);
                order.Add(1);
                await queued;
                order.Add(3);
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            scheduler);

        await (await last).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], order);
    }

    /// <summary>Starts one asynchronous body per number, which awaits in one of four ways, and counts who is inside.</summary>
    private static bool RunWorkload(int[] shapes)
    {
        var scheduler = new ActivationTaskScheduler(null);
        var inside = 0;
        var steps = 0;
        var exclusive = true;
        var bodies = shapes.Select(shape => Task.Factory.StartNew(() => BodyAsync(shape), CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap());
        var ended = Task.WhenAll(bodies).Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return ended && exclusive && steps == 3 * shapes.Length;

        async Task BodyAsync(int shape)
        {
            for (var i = 0; i < 3; i++)
            {
                exclusive &= Interlocked.Increment(ref inside) == 1 && ReferenceEquals(TaskScheduler.Current, scheduler);
                steps++;
                Interlocked.Decrement(ref inside);
                await (shape switch
                {
                    0 => Task.CompletedTask,
                    1 => Task.Run(() => { }),
                    2 => Task.WhenAll(Task.Run(() => { }), Task.Run(() => { })),
                    _ => YieldAsync(),
                });
            }
        }
    }

    private static async Task YieldAsync() => await Task.Yield();

    private sealed class Turn(int producer, int number, Action<int, int> take) : ITurn
    {
        public void Execute() => take(producer, number);
    }
}
