using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;

namespace Quiver.Client.Grains;

/// <summary>
/// A job's events as the stream tells them: none, some twice or some missing, when silos are lost. Failing to subscribe is no error, because
/// the ledger has all of them. Not thread-safe.
/// </summary>
/// <param name="cluster">Where the stream is.</param>
/// <param name="key">The job.</param>
/// <param name="capacity">Events that wait to be read; the oldest gives way.</param>
/// <param name="logger">The log.</param>
internal sealed partial class LiveJobEvents(IClusterClient cluster, JobKey key, int capacity, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Channel<JobEvent> _events = Channel.CreateBounded<JobEvent>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private Task<StreamSubscriptionHandle<JobEvent>?> _subscription = Task.FromResult<StreamSubscriptionHandle<JobEvent>?>(null);

    /// <summary>What has come.</summary>
    public ChannelReader<JobEvent> Reader => _events.Reader;

    /// <summary>Subscribes, or does so again in place of an earlier subscription that told nothing.</summary>
    /// <param name="patience">How long to wait for it; it goes on in the background.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task SubscribeAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!_subscription.IsCompleted)
        {
            return;
        }

        _subscription = RenewAsync(await _subscription);
        await Task.WhenAny(_subscription, Task.Delay(patience, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Unsubscribes; a stream that does not answer is left alone.</summary>
    public async ValueTask DisposeAsync()
    {
        var leaving = UnsubscribeAsync(_subscription);
        await Task.WhenAny(leaving, Task.Delay(Farewell, CancellationToken.None));
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
            // The watch is over either way; a silo that is stopping may no longer answer.
            LogNotUnsubscribed(exception, key);
        }
    }

    [LoggerMessage(5001, LogLevel.Debug, "The watch of job {Job} could not be unsubscribed")]
    private partial void LogNotUnsubscribed(Exception exception, JobKey job);

    [LoggerMessage(5002, LogLevel.Debug, "The watch of job {Job} could not be subscribed; it asks the ledger instead")]
    private partial void LogNotSubscribed(Exception exception, JobKey job);
}
