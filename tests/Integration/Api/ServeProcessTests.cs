using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Quiver.Silo.DataDirectory;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Api;

/// <summary>The server in a separate process: found, stopped, killed.</summary>
public sealed class ServeProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Server_ToldToTerminate_SendsItsLastMetricsAndEndsWith0()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs SIGTERM.");
        var received = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var collector = await CollectAsync(received);
        using var process = Start(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Urls.First()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        var address = await AddressAsync(process);
        using var http = new HttpClient { BaseAddress = address };
        using var answer = await http.GetAsync("/health/live", Token);

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(Token);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal("application/x-protobuf", await received.Task.WaitAsync(Token));
        Assert.Null(await FindAsync());
    }

    [Fact]
    public async Task Server_Killed_LeavesADirectoryThatTheNextOneTakes()
    {
        using var first = Start();
        await AddressAsync(first);

        first.Kill();
        await first.WaitForExitAsync(Token);
        var afterwards = await FindAsync();
        using var second = Start();
        var address = await AddressAsync(second);
        var found = await FindAsync();
        second.Kill();
        await second.WaitForExitAsync(Token);

        Assert.Null(afterwards);
        Assert.Equal(address, found!.Address);
        Assert.Equal(second.Id, found.Pid);
    }

    private static async Task<WebApplication> CollectAsync(TaskCompletionSource<string?> received)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            if (context.Request.Path == "/v1/metrics")
            {
                received.TrySetResult(context.Request.ContentType);
            }
        });
        await app.StartAsync(Token);
        return app;
    }

    /// <summary>What the process prints once it answers: "Quiver serves ADDRESS, …".</summary>
    private static async Task<Uri> AddressAsync(Process process)
    {
        var line = await process.StandardOutput.ReadLineAsync(Token);
        Assert.StartsWith("Quiver serves http://127.0.0.1:", line, StringComparison.Ordinal);
        return new Uri(line!.Split(' ', ',')[2]);
    }

    private Process Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "quiver"))
        {
            ArgumentList = { "serve", "--data", _folder.At("data"), "--urls", "http://127.0.0.1:0" },
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private Task<DataDirectoryHolder?> FindAsync() => DataDirectoryLock.TryFindServerAsync(_folder.At("data"), Token);
}
