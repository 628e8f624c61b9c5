using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Streams;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Silo.Hosting;

/// <summary>Watchers read the ledger when a stream is silent, so only these tests notice a stream that loses or delays events.</summary>
public sealed class InProcessStreamsTests
{
    private const int Streams = 60;
    private const string Provider = "events";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_OfManyStreams_ReachSubscribersThatJoinWhileTheyArePublished()
    {
        using var log = new CapturedLog();
        await using var silo = await StartAsync(log);
        var random = Seed.For(nameof(Events_OfManyStreams_ReachSubscribersThatJoinWhileTheyArePublished));
        for (var number = 0; number < Streams; number++)
        {
            var stream = Open(silo, number);
            var received = Channel.CreateUnbounded<int>();
            for (var early = random.Next(3); early > 0; early--)
            {
                await stream.OnNextAsync(0);
            }

            var subscribing = Subscribe(stream, received.Writer);
            if (random.Next(2) == 0)
            {
                await stream.OnNextAsync(0);
            }

            var subscription = await subscribing;
            await stream.OnNextAsync(1);
            await stream.OnNextAsync(2);

            // Events that were published before the subscription may come or not.
            Assert.Equal(1, await NextAsync(received.Reader));
            Assert.Equal(2, await NextAsync(received.Reader));
            await subscription.UnsubscribeAsync();
        }

        // A failed read of the queue would be repeated after seconds only.
        Assert.DoesNotContain(log.Lines, static line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Events_OfOneStream_ArriveInOrderAtEverySubscriber()
    {
        using var log = new CapturedLog();
        await using var silo = await StartAsync(log);
        var stream = Open(silo, 0);
        Channel<int>[] subscribers = [Channel.CreateUnbounded<int>(), Channel.CreateUnbounded<int>()];
        foreach (var subscriber in subscribers)
        {
            await Subscribe(stream, subscriber.Writer);
        }

        for (var item = 1; item <= 500; item++)
        {
            await stream.OnNextAsync(item);
        }

        foreach (var subscriber in subscribers)
        {
            for (var item = 1; item <= 500; item++)
            {
                Assert.Equal(item, await NextAsync(subscriber.Reader));
            }
        }
    }

    private static Task<SingleSilo> StartAsync(CapturedLog log) => SingleSilo.StartAsync(
        silo =>
        {
            silo.Services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Error));
            InProcessStreams.AddTo(silo, Provider);
            silo.AddPubSubStore();
        },
        Token);

    private static IAsyncStream<int> Open(SingleSilo silo, int number) => silo.Client.GetStreamProvider(Provider).GetStream<int>(StreamId.Create("stream", $"{number}"));

    private static Task<StreamSubscriptionHandle<int>> Subscribe(IAsyncStream<int> stream, ChannelWriter<int> received) =>
        stream.SubscribeAsync(async (item, _) => await received.WriteAsync(item));

    private static async Task<int> NextAsync(ChannelReader<int> received)
    {
        while (true)
        {
            if (await received.ReadAsync(Token).AsTask().OrFailAsync("an event") is > 0 and var item)
            {
                return item;
            }
        }
    }
}
