using System.Runtime.CompilerServices;

namespace Quiver.Client.Http;

/// <summary>A job's events over as many connections as it takes, none twice, until the server says that nothing follows.</summary>
internal sealed class JobEventFeed(HttpTransport transport, Func<long, HttpRequestMessage> request)
{
    private readonly Backoff _backoff = new(transport.Options.RetryBaseDelay, transport.Options.RetryMaxDelay, transport.Random);

    /// <summary>The events after a sequence number.</summary>
    /// <exception cref="QuiverException">
    /// The server refuses, or with <see cref="ErrorCodes.ServerUnavailable"/>: no connection for as long as the options allow.
    /// </exception>
    public async IAsyncEnumerable<JobEvent> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = after;
        var alone = transport.Time.GetTimestamp();
        while (true)
        {
            var (connection, fault) = await ConnectAsync(last, cancellationToken);
            if (connection is not null)
            {
                await using (connection)
                {
                    while (true)
                    {
                        var (outcome, item) = await connection.ReadAsync(transport.Server);
                        if (outcome == JobEventReading.Ended)
                        {
                            yield break;
                        }

                        if (outcome == JobEventReading.Lost)
                        {
                            break;
                        }

                        if (item!.Sequence <= last)
                        {
                            continue;
                        }

                        last = item.Sequence;
                        _backoff.Reset();
                        yield return item;
                    }
                }

                alone = transport.Time.GetTimestamp();
            }

            if (transport.Time.GetElapsedTime(alone) >= transport.Options.WatchGiveUpAfter)
            {
                throw GaveUp(fault);
            }

            await Task.Delay(_backoff.Next(fault?.RetryAfter), transport.Time, cancellationToken);
        }
    }

    private async Task<(JobEventConnection? Connection, QuiverException? Fault)> ConnectAsync(long last, CancellationToken cancellationToken)
    {
        try
        {
            return (await JobEventConnection.OpenAsync(transport, () => request(last), cancellationToken), null);
        }
        catch (QuiverException exception) when (exception is TransientException or ThrottledException)
        {
            return (null, exception);
        }
    }

    private TransientException GaveUp(QuiverException? fault) => new(
        ErrorCodes.ServerUnavailable,
        $"The server at {transport.Server} could not be reached for {transport.Options.WatchGiveUpAfter.TotalSeconds:0} s; the job goes on without this watch.",
        fault);
}
