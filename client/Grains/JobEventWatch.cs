using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Client.Grains;

/// <summary>
/// A job's events in order, none twice: first those in the ledger, then live ones from the stream. The stream is only a hint: a gap in the
/// sequence, or silence, sends the watch back to the ledger.
/// </summary>
internal sealed partial class JobEventWatch(IClusterClient cluster, JobKey key, GrainClientOptions options, TimeProvider time, ILogger logger)
{
    // The ledger is written in groups and may be a little behind the stream.
    private const int LedgerAttempts = 5;

    private readonly IIngestionJobGrain _job = cluster.GetGrain<IIngestionJobGrain>(key.ToString());
    private readonly ITenantQueryGrain _ledger = cluster.GetGrain<ITenantQueryGrain>(key.Tenant.Value);

    /// <summary>The events after a sequence number, until the job is final.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    public async IAsyncEnumerable<JobEvent> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await GrainFaults.GuardAsync(_job.GetStatusAsync(cancellationToken));
        var live = Channel.CreateBounded<JobEvent>(
            new BoundedChannelOptions(options.WatchCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        var subscription = await GrainFaults.GuardAsync(Stream().SubscribeAsync((item, _) =>
        {
            live.Writer.TryWrite(item);
            return Task.CompletedTask;
        }));
        try
        {
            await foreach (var item in FollowAsync(live.Reader, after, cancellationToken))
            {
                yield return item;
                if (EndsJob(item) && !await HasMoreAsync(item.Sequence, cancellationToken))
                    yield break;
            }
        }
        finally
        {
            await UnsubscribeAsync(subscription);
        }
    }

    private async IAsyncEnumerable<JobEvent> FollowAsync(
        ChannelReader<JobEvent> live, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = new JobEventCursor(after);
        var attempts = 0;
        var suspectedEnd = false;
        while (true)
        {
            var before = cursor.Last;
            await foreach (var item in ReadLedgerAsync(before, cancellationToken))
            {
                if (cursor.Advance(item))
                    yield return item;
            }

            if (cursor.HasGap && ++attempts < LedgerAttempts)
            {
                await Task.Delay(options.WatchQuietPeriod / 10, time, cancellationToken);
                continue;
            }

            attempts = 0;
            if (cursor.Ahead is { } ahead)
            {
                if (cursor.Advance(ahead))
                    yield return ahead;
            }
            else if (cursor.Last == before)
            {
                // The last event may have been trimmed, or lost with the process that should have written it.
                var status = await GrainFaults.GuardAsync(_job.GetStatusAsync(cancellationToken));
                if (status.State.IsFinal() && (suspectedEnd || status.LastEventSequence <= before))
                    yield break;
                suspectedEnd = status.State.IsFinal();
            }

            while (cursor.Ahead is null && await NextAsync(live, cancellationToken) is { } item)
            {
                if (cursor.AcceptLive(item))
                    yield return item;
            }
        }
    }

    // A failed job may have been retried: then its history goes on after the event that once ended it.
    private async Task<bool> HasMoreAsync(long sequence, CancellationToken cancellationToken) =>
        (await GrainFaults.GuardAsync(_ledger.ReadEventsAsync(key.Job, sequence, 1, cancellationToken))).Length > 0;

    private static bool EndsJob(JobEvent item) => item.Kind == JobEventKind.StateChanged && item.State.IsFinal();

    private async IAsyncEnumerable<JobEvent> ReadLedgerAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ImmutableArray<JobEvent> page;
        do
        {
            page = await GrainFaults.GuardAsync(_ledger.ReadEventsAsync(key.Job, after, options.PageSize, cancellationToken));
            foreach (var item in page)
            {
                after = item.Sequence;
                yield return item;
            }
        }
        while (page.Length == options.PageSize);
    }

    /// <summary>The next live event; null when none came within the quiet period.</summary>
    private async Task<JobEvent?> NextAsync(ChannelReader<JobEvent> live, CancellationToken cancellationToken)
    {
        if (live.TryRead(out var item))
            return item;
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

    private IAsyncStream<JobEvent> Stream() =>
        cluster.GetStreamProvider(StreamNames.Provider).GetStream<JobEvent>(StreamId.Create(StreamNames.JobEvents, key.ToString()));

    private async Task UnsubscribeAsync(StreamSubscriptionHandle<JobEvent> subscription)
    {
        try
        {
            await subscription.UnsubscribeAsync();
        }
        catch (Exception exception)
        {
            // The watch is over either way; a silo that is stopping may no longer answer.
            LogNotUnsubscribed(exception, key);
        }
    }

    [LoggerMessage(5001, LogLevel.Debug, "The watch of job {Job} could not be unsubscribed")]
    private partial void LogNotUnsubscribed(Exception exception, JobKey job);
}
