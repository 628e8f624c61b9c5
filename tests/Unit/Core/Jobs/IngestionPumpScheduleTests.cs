using Quiver.Core.Jobs;
using Quiver.GrainInterfaces.Workers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

/// <summary>Random schedules of completions and faults; a failure names its seed.</summary>
public sealed class IngestionPumpScheduleTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Pump_AnySchedule_EndsWithEveryDocumentProcessedAndTheCursorAtTheEnd(int seed)
    {
        var random = new Random(seed);
        var count = random.Next(1, 60);
        var ids = random.Next(1, 2 * count);
        var records = Enumerable.Range(0, count).Select(ordinal => DocumentSamples.Record(ordinal, $"d{random.Next(ids)}", new string('x', random.Next(0, 30)))).ToList();
        var inFlightIds = new HashSet<string>();
        var host = new ScriptedHost((batch, _, _) => AnswerAsync(batch, random, inFlightIds));
        using var rig = new PumpRig
        {
            Source = new ScriptedSource(records),
            Host = host,
            Settings = new PumpSettings(random.Next(1, 6), random.Next(1, 5), random.Next(1, 60), MaxAttempts: 1000, TimeSpan.FromSeconds(1))
            {
                // The clock runs far ahead of the pump.
                OutageLimit = TimeSpan.FromDays(1000),
            },
            Random = new Random(seed),
        };

        var run = rig.RunAsync();
        await Patience.UntilAsync(
            () =>
            {
                rig.Time.Advance(TimeSpan.FromMilliseconds(250));
                return run.IsCompleted;
            },
            $"the pump of seed {seed} ends");

        Assert.Equal(PumpEnd.SourceEnded, await run);
        Assert.Equal(Enumerable.Range(0, count).Select(ordinal => (long)ordinal), host.Processed.Order());
        Assert.Equal(count, host.Checkpoints[^1].Cursor.NextOrdinal);
        Assert.All(host.Checkpoints, checkpoint => Assert.Equal(checkpoint.Cursor.NextOrdinal, checkpoint.Counters.Documents));
        Assert.Equal(host.Checkpoints.Select(checkpoint => checkpoint.Cursor.NextOrdinal).Order(), host.Checkpoints.Select(checkpoint => checkpoint.Cursor.NextOrdinal));
        Assert.InRange(host.MostInFlight, 1, rig.Settings.MaxInFlight);
        foreach (var same in records.GroupBy(record => record.Item.Id))
        {
            // Records of one id are processed in their order, however batches finish.
            var order = host.Processed.Where(ordinal => records[(int)ordinal].Item.Id == same.Key).ToList();
            Assert.Equal(order.Order(), order);
        }
    }

    private static async Task<BatchResult> AnswerAsync(Batch batch, Random random, HashSet<string> inFlight)
    {
        int delay;
        Exception? fault;
        lock (random)
        {
            Assert.DoesNotContain(batch.Documents, item => inFlight.Contains(item.Id));
            inFlight.UnionWith(batch.Documents.Select(item => item.Id));
            delay = random.Next(0, 20);
            fault = random.Next(0, 6) switch
            {
                0 => new TransientException("flaky", "Flaky."),
                1 => new ThrottledException("too_many", "Slow down.") { RetryAfter = TimeSpan.FromMilliseconds(random.Next(0, 3000)) },
                _ => null,
            };
        }

        for (var i = 0; i < delay; i++)
        {
            await Task.Yield();
        }

        lock (random)
        {
            inFlight.ExceptWith(batch.Documents.Select(item => item.Id));
        }

        return fault is null ? ScriptedHost.Result(batch) : throw fault;
    }
}
