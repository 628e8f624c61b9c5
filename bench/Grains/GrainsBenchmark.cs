using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Concurrency;
using Orleans.Hosting;
using Quiver.Silo.Hosting;

namespace Quiver.Bench.Grains;

/// <summary>Grain calls per second and bytes per call, compared with an awaited hop to the thread pool in the same run.</summary>
internal static class GrainsBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string[] args)
    {
        var began = Stopwatch.GetTimestamp();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOrleans(static silo => silo.UseSingleSilo());
        using var host = builder.Build();
        await host.StartAsync();
        var client = host.Services.GetRequiredService<IClusterClient>();
        await client.GetGrain<INopGrain>(-1).NopAsync();
        Console.WriteLine($"from nothing to the first answer: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F1} ms");

        var one = client.GetGrain<INopGrain>(0);
        var worker = client.GetGrain<INopWorkerGrain>(0);
        var hop = await MeasureAsync("awaited Task.Run", 1, () => _ => Task.Run(static () => { }), 0);
        await MeasureAsync("channel round trip", 1, ChannelRoundTrip, hop);
        await MeasureAsync("grain, 1 caller", 1, () => _ => one.NopAsync(), hop);
        await MeasureAsync("one grain, 16 callers", 16, () => _ => one.NopAsync(), hop);
        await MeasureAsync("16 grains, 16 callers", 16, () => caller => client.GetGrain<INopGrain>(caller).NopAsync(), hop);
        await MeasureAsync("stateless worker, 1 caller", 1, () => _ => worker.NopAsync(), hop);
        await MeasureAsync("stateless worker, 16 callers", 16, () => _ => worker.NopAsync(), hop);
        await MeasureActivationsAsync(client);
        await host.StopAsync();
        return 0;
    }

    private static async Task MeasureActivationsAsync(IClusterClient client)
    {
        const int count = 50_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var began = Stopwatch.GetTimestamp();
        for (var key = 1_000; key < 1_000 + count; key++)
        {
            await client.GetGrain<INopGrain>(key).NopAsync();
        }

        var rate = count / Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine($"{"cold activation",-30} {rate / 1000,8:F0} k/s {(GC.GetTotalMemory(forceFullCollection: true) - before) / count,6} B kept each");
    }

    private static async Task<double> MeasureAsync(string what, int callers, Func<Func<int, Task>> prepare, double reference)
    {
        var call = prepare();
        await LoopAsync(call, callers, WarmUp);
        var bytes = GC.GetTotalAllocatedBytes();
        var began = Stopwatch.GetTimestamp();
        var calls = await LoopAsync(call, callers, Duration);
        var rate = calls / Stopwatch.GetElapsedTime(began).TotalSeconds;
        var ratio = reference > 0 ? $"{rate / reference,6:F2} × Task.Run" : "";
        Console.WriteLine($"{what,-30} {rate / 1000,8:F0} k/s {(GC.GetTotalAllocatedBytes() - bytes) / (double)calls,6:F0} B/call  {ratio}");
        return rate;
    }

    private static async Task<long> LoopAsync(Func<int, Task> call, int callers, TimeSpan duration)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var began = Stopwatch.GetTimestamp();
            var count = 0L;
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                for (var i = 0; i < 100; i++)
                {
                    await call(caller);
                }

                count += 100;
            }

            return count;
        })));
        return counts.Sum();
    }

    /// <summary>A request through one channel and its answer through another, to a loop on the thread pool.</summary>
    private static Func<int, Task> ChannelRoundTrip()
    {
        var requests = Channel.CreateBounded<int>(16);
        var answers = Channel.CreateBounded<int>(16);
        _ = Task.Run(async () =>
        {
            await foreach (var request in requests.Reader.ReadAllAsync())
            {
                await answers.Writer.WriteAsync(request);
            }
        });
        return async caller =>
        {
            await requests.Writer.WriteAsync(caller);
            await answers.Reader.ReadAsync();
        };
    }
}

internal interface INopGrain : IGrainWithIntegerKey
{
    Task NopAsync();
}

internal interface INopWorkerGrain : IGrainWithIntegerKey
{
    Task NopAsync();
}

internal sealed class NopGrain : Grain, INopGrain
{
    public Task NopAsync() => Task.CompletedTask;
}

[StatelessWorker(2)]
internal sealed class NopWorkerGrain : Grain, INopWorkerGrain
{
    public Task NopAsync() => Task.CompletedTask;
}
