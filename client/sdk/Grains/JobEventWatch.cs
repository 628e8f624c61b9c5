using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Client.Grains;

/// <summary>
/// A job's events in order, each once: first from the ledger, then live from the stream. The stream may lose events: after a gap in the sequence, or a
/// quiet period, the watch reads the ledger again.
/// </summary>
internal sealed class JobEventWatch(IClusterClient cluster, JobKey key, GrainClientOptions options, GrainInvoker grains, TimeProvider time, ILogger logger)
{
    // The ledger is written in groups and may lag behind the stream.
    private const int LedgerAttempts = 5;

    // A job is final before its last event is in the ledger. After this many quiet periods the event counts as lost.
    private const int EndAttempts = 10;

    // A few minutes in total, together with the retries of each call.
    private const int MaxCallAttempts = 60;

    private readonly IIngestionJobGrain _job = cluster.GetGrain<IIngestionJobGrain>(key.ToString());
    private readonly ITenantQueryGrain _ledger = cluster.GetGrain<ITenantQueryGrain>(key.Tenant.Value);

    /// <summary>Yields the events after a sequence number until the job is final.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    public async IAsyncEnumerable<JobEvent> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await grains.InvokeAsync(() => _job.GetStatusAsync(cancellationToken), cancellationToken);
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
                // The stream did not deliver these events: the silo that held the subscription may be lost.
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
                // The last event may have been trimmed, or lost with the process that had to write it.
                var status = await CallAsync(() => _job.GetStatusAsync(cancellationToken), cancellationToken);
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

    // A failed job may have been retried: its history then continues after the event that ended it.
    private async Task<bool> HasMoreAsync(long sequence, CancellationToken cancellationToken) =>
        (await CallAsync(() => _ledger.ReadEventsAsync(key.Job, sequence, 1, cancellationToken), cancellationToken)).Length > 0;

    private static bool EndsJob(JobEvent item) => item.Kind == JobEventKind.StateChanged && item.State.IsFinal();

    private async IAsyncEnumerable<JobEvent> ReadLedgerAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ImmutableArray<JobEvent> page;
        do
        {
            page = await CallAsync(() => _ledger.ReadEventsAsync(key.Job, after, options.PageSize, cancellationToken), cancellationToken);
            foreach (var item in page)
            {
                after = item.Sequence;
                yield return item;
            }
        }
        while (page.Length == options.PageSize);
    }

    /// <summary>Repeats a read until it succeeds, so that a watch survives the restart of a database.</summary>
    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grains.InvokeAsync(call, cancellationToken);
            }
            catch (TransientException) when (attempt < MaxCallAttempts)
            {
                await Task.Delay(options.WatchQuietPeriod, time, cancellationToken);
            }
        }
    }

    /// <summary>The next live event; null when none arrives within the quiet period.</summary>
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

/// <summary>Merges the events of the ledger and of the stream into one sequence without repeats. Not thread-safe.</summary>
internal sealed class JobEventCursor(long last)
{
    /// <summary>The sequence number of the last event returned.</summary>
    public long Last { get; private set; } = last;

    /// <summary>A live event that arrived before its predecessors; null when there is none.</summary>
    public JobEvent? Ahead { get; private set; }

    /// <summary>Whether events before <see cref="Ahead"/> are missing.</summary>
    public bool HasGap => Ahead is not null && Ahead.Sequence > Last + 1;

    /// <summary>Accepts an event even when its predecessors are missing; false when it was returned before.</summary>
    public bool Advance(JobEvent item)
    {
        if (Ahead is not null && Ahead.Sequence <= item.Sequence)
        {
            Ahead = null;
        }

        if (item.Sequence <= Last)
        {
            return false;
        }

        Last = item.Sequence;
        return true;
    }

    /// <summary>Accepts a live event when it is the next one; a later one becomes <see cref="Ahead"/>, a repeat is dropped.</summary>
    public bool AcceptLive(JobEvent item)
    {
        if (item.Sequence == Last + 1)
        {
            return Advance(item);
        }

        if (item.Sequence > Last)
        {
            Ahead = item;
        }

        return false;
    }
}

/// <summary>
/// Live events of a job from its stream. Events may be missing or repeated when silos are lost. A failed subscription is not an error, because the ledger
/// has every event. Not thread-safe.
/// </summary>
internal sealed partial class LiveJobEvents(IClusterClient cluster, JobKey key, int capacity, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan UnsubscribeTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<JobEvent> _events = Channel.CreateBounded<JobEvent>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private Task<StreamSubscriptionHandle<JobEvent>?> _subscription = Task.FromResult<StreamSubscriptionHandle<JobEvent>?>(null);

    /// <summary>Received events; the oldest is dropped when the buffer is full.</summary>
    public ChannelReader<JobEvent> Reader => _events.Reader;

    /// <summary>Subscribes, or replaces an earlier subscription. After the timeout the attempt continues in the background.</summary>
    public async Task SubscribeAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!_subscription.IsCompleted)
        {
            return;
        }

        _subscription = RenewAsync(await _subscription);
        await Task.WhenAny(_subscription, Task.Delay(timeout, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Unsubscribes; waits at most 5 s for the stream's answer.</summary>
    public async ValueTask DisposeAsync()
    {
        var unsubscribed = UnsubscribeAsync(_subscription);
        await Task.WhenAny(unsubscribed, Task.Delay(UnsubscribeTimeout, CancellationToken.None));
    }

    private async Task<StreamSubscriptionHandle<JobEvent>?> RenewAsync(StreamSubscriptionHandle<JobEvent>? old)
    {
        await UnsubscribeAsync(Task.FromResult(old));
        try
        {
            var stream = cluster.GetStreamProvider(StreamNames.Provider).GetStream<JobEvent>(StreamId.Create(StreamNames.JobEvents, key.ToString()));
            return await stream.SubscribeAsync((item, _) =>
            {
                _events.Writer.TryWrite(item);
                return Task.CompletedTask;
            });
        }
        catch (Exception exception)
        {
            LogNotSubscribed(exception, key);
            return null;
        }
    }

    private async Task UnsubscribeAsync(Task<StreamSubscriptionHandle<JobEvent>?> subscription)
    {
        try
        {
            if (await subscription is { } handle)
            {
                await handle.UnsubscribeAsync();
            }
        }
        catch (Exception exception)
        {
            // The watch has ended either way; a silo that is stopping may not answer.
            LogNotUnsubscribed(exception, key);
        }
    }

    [LoggerMessage(5001, LogLevel.Debug, "The watch of job {Job} could not unsubscribe from the event stream")]
    private partial void LogNotUnsubscribed(Exception exception, JobKey job);

    [LoggerMessage(5002, LogLevel.Debug, "The watch of job {Job} could not subscribe to the event stream; it reads the ledger instead")]
    private partial void LogNotSubscribed(Exception exception, JobKey job);
}
