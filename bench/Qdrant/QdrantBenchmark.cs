using System.Globalization;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Bench.Measuring;
using Quiver.Core.Vectors;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Bench.Qdrant;

/// <summary>
/// Compares writes of the Qdrant adapter with a bare gRPC loop that sends the same ready-made messages, with as many in flight. The server
/// discards the points after the time that a real server would need; both share the machine with it.
/// </summary>
internal static class QdrantBenchmark
{
    private const int Seed = 1;
    private const int Dimensions = 384;
    private const int BatchPoints = 128;
    private const int InFlight = 4;
    private const double Goal = 0.95;
    private const string Physical = "quiver_bench_384d";

    private static readonly CollectionKey Scope = new(TenantId.Parse("bench"), CollectionName.Parse("qdrant"));

    /// <summary>Runs it.</summary>
    /// <param name="args">Options.</param>
    /// <returns>0.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var options = new BenchOptions(args);
        var batches = options.Number("--batches", 400);
        var rounds = options.Number("--rounds", 5);
        var service = TimeSpan.FromMilliseconds(options.Number("--service-ms", 20));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"qdrant: {batches} batches of {BatchPoints} points × {Dimensions}, {InFlight} in flight, {service.TotalMilliseconds:0} ms of service, seed {Seed}"));
        Verdict.Load();

        await using var server = await SinkServer.StartAsync(service);
        var random = new Random(Seed);
        VectorPoint[][] points = [.. Enumerable.Range(0, 16).Select(batch => CreateBatch(batch, random))];
        Wire.UpsertPoints[] messages = [.. points.Select(CreateMessage)];
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Wire.Points.PointsClient(channel);
        using var store = new QdrantStore(
            Options.Create(new QdrantOptions { Address = server.Address.ToString(), MaxInFlight = InFlight }), TimeProvider.System, random, NullLogger<QdrantStore>.Instance);

        List<double> clocks = [];
        List<double> works = [];
        List<double> totals = [];
        for (var round = -1; round < rounds; round++)
        {
            var bare = await Effort.OfAsync(() => RunAsync(InFlight, batches, i => SendAsync(client, messages[i % messages.Length])));

            // Twice as many callers as requests in flight: while some wait for the server, the others make their messages.
            var adapter = await Effort.OfAsync(() => RunAsync(InFlight * 2, batches, async i => await store.UpsertAsync(new(Physical, Scope), points[i % points.Length])));
            if (round < 0)
            {
                continue;
            }

            clocks.Add(bare.Seconds / adapter.Seconds);
            works.Add((adapter.ProcessorSeconds - bare.ProcessorSeconds) / batches * 1000);
            totals.Add(adapter.ProcessorSeconds / batches * 1000);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  bare {batches * BatchPoints / bare.Seconds:0} points/s, adapter {batches * BatchPoints / adapter.Seconds:0} points/s, ratio {bare.Seconds / adapter.Seconds:0.000}"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  a message has {messages[0].CalculateSize():N0} bytes; making and checking it takes {Median.Of(works):0.00} ms of processor time, all of a batch {Median.Of(totals):0.00} ms with the server's part ({Median.Of(totals) / BatchPoints * 1000:0.0} µs per point)"));
        Verdict.AtLeast("adapter / bare loop", Median.Of(clocks), Goal);
        return 0;
    }

    private static async Task RunAsync(int callers, int batches, Func<int, Task> send)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < batches)
            {
                await send(i);
            }
        })));
    }

    private static async Task SendAsync(Wire.Points.PointsClient client, Wire.UpsertPoints message)
    {
        using var call = client.UpsertAsync(message);
        await call.ResponseAsync;
    }

    private static Wire.UpsertPoints CreateMessage(VectorPoint[] points)
    {
        var message = new Wire.UpsertPoints { CollectionName = Physical, Wait = true, UpdateFilter = new PointFilter(Scope) { ReplaceableBy = (1, 1) }.ToMessage() };
        PointMessages.Add(message, points, 0, points.Length, int.MaxValue);
        return message;
    }

    private static VectorPoint[] CreateBatch(int batch, Random random) =>
        [.. Enumerable.Range(batch * BatchPoints, BatchPoints).Select(number => CreatePoint(number, random))];

    private static VectorPoint CreatePoint(int number, Random random)
    {
        var vector = new float[Dimensions];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = (random.NextSingle() - 0.5f) / 10;
        }

        return new(
            PointId.Create(Scope, $"document {number}", 0),
            vector,
            new()
            {
                Scope = Scope,
                DocumentId = $"document {number}",
                Chunk = 0,
                Text = new string('x', 600),
                StartChar = 0,
                EndChar = 600,
                StartLine = 1,
                EndLine = 10,
                Generation = 1,
                Epoch = 1,
                IndexedAt = DateTimeOffset.UnixEpoch,
            });
    }
}
