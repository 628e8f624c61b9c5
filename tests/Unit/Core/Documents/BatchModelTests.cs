using System.Globalization;
using Quiver.Core.Consistency;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Workers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Documents;

/// <summary>Random histories of edits, runs and crashes end where a fresh run would; a failure names its seed.</summary>
public sealed class BatchModelTests
{
    private const int BatchSize = 3;

    private readonly BatchRig _rig = new() { Options = { MaxChunksPerCall = 16, UpsertPoints = 4 } };
    private readonly SortedDictionary<string, string> _source = new(StringComparer.Ordinal);
    private long _generation;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 150)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Store_AfterAnyHistory_IsWhatAFreshRunGives(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 8; round++)
        {
            Edit(random);
            var sync = random.Next(2) == 0 ? SyncMode.Update : SyncMode.Mirror;
            await RunJobAsync(random, sync, crashes: random.Next(0, 4));
            await CheckPresentDocumentsAsync();
        }

        await RunJobAsync(random, SyncMode.Mirror, crashes: 0);
        Assert.Equal(await DescribeFreshRunAsync(), Describe(_rig.Stored()));
        var totals = await _rig.Ledger.CountAsync(_rig.Scope, TestContext.Current.CancellationToken);
        Assert.Equal((_source.Count, 0, _rig.Stored().Count), (totals.Documents, totals.Unfinished, totals.Chunks));
    }

    private static List<string> Describe(IEnumerable<VectorPoint> points) =>
    [
        .. points.Select(point => string.Create(
            CultureInfo.InvariantCulture,
            $"{point.Id} {point.Payload.DocumentId}#{point.Payload.Chunk} '{point.Payload.Text}' {point.Payload.StartChar}-{point.Payload.EndChar} {point.Payload.StartLine}-{point.Payload.EndLine} {string.Join(' ', point.Vector.ToArray())}")),
    ];

    private static List<Document> Items(IReadOnlyDictionary<string, string> source) =>
        [.. source.Select((entry, i) => DocumentSamples.Item(i, entry.Key, entry.Value))];

    private void Edit(Random random)
    {
        for (var i = random.Next(0, 5); i > 0; i--)
        {
            var id = $"d{random.Next(0, 9)}";
            if (random.Next(4) == 0)
            {
                _source.Remove(id);
            }
            else
            {
                _source[id] = string.Join('\n', Enumerable.Range(0, random.Next(1, random.Next(5) == 0 ? 45 : 6)).Select(_ => $"w{random.Next(0, 20)}"));
            }
        }
    }

    /// <summary>A job as the grain runs it: batches from the checkpoint on, then the sweep; after a crash a new epoch continues, from a source that was edited meanwhile.</summary>
    private async Task RunJobAsync(Random random, SyncMode sync, int crashes)
    {
        _generation++;
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        var started = _rig.Time.GetUtcNow();
        for (var epoch = 1; ; epoch++)
        {
            if (epoch <= crashes)
            {
                _rig.Faults.CrashAfter(random.Next(0, 30));
            }

            try
            {
                await PumpAndSweepAsync(sync, epoch, started);
                _rig.Faults.CrashAfter(int.MaxValue);
                return;
            }
            catch (CrashException)
            {
                // The process died; time passes, the source changes, and the next activation starts over from its beginning.
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
                Edit(random);
            }
        }
    }

    private async Task PumpAndSweepAsync(SyncMode sync, long epoch, DateTimeOffset started)
    {
        foreach (var batch in Items(_source).Chunk(BatchSize))
        {
            // A large document travels alone, as the batcher has it.
            foreach (var part in batch.Any(item => item.Text.Length > 60) ? batch.Select(item => new[] { item }) : [batch])
            {
                await _rig.ProcessAsync(_rig.Request(part, sync, _generation, epoch, startedAt: started));
            }
        }

        if (sync == SyncMode.Mirror)
        {
            var sweep = new MirrorSweep(_rig.Ledger, _rig.Store);
            while ((await sweep.StepAsync(_rig.Binding, [DocumentSamples.Origin], _generation, TestContext.Current.CancellationToken)).Deleted > 0)
            {
            }
        }
    }

    private async Task CheckPresentDocumentsAsync()
    {
        var fresh = await DescribeFreshRunAsync();
        Assert.Equal(fresh, Describe(_rig.Stored().Where(point => _source.ContainsKey(point.Payload.DocumentId))));
    }

    private async Task<List<string>> DescribeFreshRunAsync()
    {
        var fresh = new BatchRig();
        foreach (var item in Items(_source))
        {
            await fresh.ProcessAsync(item);
        }

        return Describe(fresh.Stored());
    }
}
