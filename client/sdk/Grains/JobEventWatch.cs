using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orleans;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Client.Grains;

/// <summary>
/// A job's events in order, none twice: first those in the ledger, then live ones from the stream. The stream is only a hint: a gap in the
/// sequence, or silence, sends the watch back to the ledger.
/// </summary>
internal sealed class JobEventWatch(IClusterClient cluster, JobKey key, GrainClientOptions options, GrainCalls calls, TimeProvider time, ILogger logger)
{
    // The ledger is written in groups and may be a little behind the stream.
    private const int LedgerAttempts = 5;

    // A job is final before its last event is in the ledger; only after so many quiet periods does the event count as lost.
    private const int EndAttempts = 10;

    // Some minutes, together with the waits of the calls themselves.
    private const int MostAttempts = 60;

    private readonly IIngestionJobGrain _job = cluster.GetGrain<IIngestionJobGrain>(key.ToString());
    private readonly ITenantQueryGrain _ledger = cluster.GetGrain<ITenantQueryGrain>(key.Tenant.Value);

    /// <summary>The events after a sequence number, until the job is final.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    public async IAsyncEnumerable<JobEvent> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await calls.RunAsync(() => _job.GetStatusAsync(cancellationToken), cancellationToken);
        await using var live = new LiveJobEvents(cluster, key, options.WatchCapacity, logger);
        await live.SubscribeAsync(options.WatchQuietPeriod, time, cancellationToken);
        await foreach (var item in FollowAsync(live, after, cancellationToken))
        {
            yield return item;
            if (EndsJob(item) && !await HasMoreAsync(item.Sequence, cancellationToken))
            {
                yield break;
            }
        }
    }

    private async IAsyncEnumerable<JobEvent> FollowAsync(
        LiveJobEvents live, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = new JobEventCursor(after);
        var attempts = 0;
        var finals = 0;
        var silent = false;
        while (true)
        {
            var before = cursor.Last;
            await foreach (var item in ReadLedgerAsync(before, cancellationToken))
            {
                if (cursor.Advance(item))
                {
                    yield return item;
                }
            }

            if (cursor.HasGap && ++attempts < LedgerAttempts)
            {
                await Task.Delay(options.WatchQuietPeriod / 10, time, cancellationToken);
                continue;
            }

            if (silent && cursor.Last > before)
            {
                // The stream should have told: the silo that knew of this watch may be gone.
                await live.SubscribeAsync(options.WatchQuietPeriod, time, cancellationToken);
            }

            attempts = 0;
            if (cursor.Ahead is { } ahead)
            {
                if (cursor.Advance(ahead))
                {
                    yield return ahead;
                }
            }
            else if (cursor.Last == before)
            {
                // The last event may have been trimmed, or lost with the process that should have written it.
                var status = await AskAsync(() => _job.GetStatusAsync(cancellationToken), cancellationToken);
                finals = status.State.IsFinal() ? finals + 1 : 0;
                if (finals == EndAttempts || (finals > 0 && status.LastEventSequence <= before))
                {
                    yield break;
                }
            }

            silent = false;
            while (cursor.Ahead is null && !silent)
            {
                var item = await NextAsync(live.Reader, cancellationToken);
                silent = item is null;
                if (item is not null && cursor.AcceptLive(item))
                {
                    yield return item;
                }
            }
        }
    }

    // A failed job may have been retried: then its history goes on after the event that once ended it.
    private async Task<bool> HasMoreAsync(long sequence, CancellationToken cancellationToken) =>
        (await AskAsync(() => _ledger.ReadEventsAsync(key.Job, sequence, 1, cancellationToken), cancellationToken)).Length > 0;

    private static bool EndsJob(JobEvent item) => item.Kind == JobEventKind.StateChanged && item.State.IsFinal();

    private async IAsyncEnumerable<JobEvent> ReadLedgerAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ImmutableArray<JobEvent> page;
        do
        {
            page = await AskAsync(() => _ledger.ReadEventsAsync(key.Job, after, options.PageSize, cancellationToken), cancellationToken);
            foreach (var item in page)
            {
                after = item.Sequence;
                yield return item;
            }
        }
        while (page.Length == options.PageSize);
    }

    /// <summary>Asks as often as it takes to get over the restart of a database: who watches a job for hours shall not have to begin again.</summary>
    private async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await calls.RunAsync(call, cancellationToken);
            }
            catch (TransientException) when (attempt < MostAttempts)
            {
                await Task.Delay(options.WatchQuietPeriod, time, cancellationToken);
            }
        }
    }

    /// <summary>The next live event; null when none came within the quiet period.</summary>
    private async Task<JobEvent?> NextAsync(ChannelReader<JobEvent> live, CancellationToken cancellationToken)
    {
        if (live.TryRead(out var item))
        {
            return item;
        }

        using var timer = new CancellationTokenSource(options.WatchQuietPeriod, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await live.ReadAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
