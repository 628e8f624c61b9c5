using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quiver.Client;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Serving;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Api;

public sealed class QuiverServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_OnPort0_PublishesWhereItListensUntilItStops()
    {
        using var folder = new TemporaryFolder();
        await using var held = await DataDirectoryLock.AcquireAsync(folder.At("data"), "quiver serve", TimeProvider.System, Token);
        await using var server = QuiverServer.Create(Setup(["http://127.0.0.1:0"]) with { Directory = held });

        await server.StartAsync(Token);
        var found = await DataDirectoryLock.TryFindServerAsync(folder.At("data"), Token);
        using var http = new HttpClient { BaseAddress = found!.Address };
        using var answer = await http.GetAsync("/health/ready", Token);
        await server.StopAsync();

        Assert.True(answer.IsSuccessStatusCode);
        Assert.NotEqual(0, found.Address!.Port);
        await Assert.ThrowsAsync<ConflictException>(() => DataDirectoryLock.TryFindServerAsync(folder.At("data"), Token));
    }

    [Fact]
    public void Server_OnAnAddressThatOthersCanReach_NeedsToBeTold()
    {
        var error = Assert.Throws<InvalidRequestException>(() => QuiverServer.Create(Setup(["http://0.0.0.0:0"])));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains("--urls", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Server_WithWrongSettings_NamesThemAll()
    {
        var error = Assert.Throws<InvalidRequestException>(() => QuiverServer.Create(Setup(["http://127.0.0.1:0"]) with
        {
            Configure = static options =>
            {
                options.Urls = ["nonsense"];
                options.DrainTimeout = TimeSpan.Zero;
            },
        }));

        Assert.Contains("nonsense", error.Message, StringComparison.Ordinal);
        Assert.Contains("DrainTimeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_OnATakenPort_SaysSo()
    {
        await using var first = QuiverServer.Create(Setup(["http://127.0.0.1:0"]));
        await first.StartAsync(Token);
        await using var second = QuiverServer.Create(Setup([first.Addresses[0]]));

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => second.StartAsync(Token));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains(first.Addresses[0], error.Message, StringComparison.Ordinal);
        await first.StopAsync();
    }

    [Fact]
    public async Task Run_ToldToStop_DrainsTheSiloAndEndsWith0()
    {
        var silo = new SlowSilo();
        await using var server = QuiverServer.Create(Setup(["http://127.0.0.1:0"], silo));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var started = new TaskCompletionSource<ImmutableArray<string>>();

        var running = server.RunAsync(started.SetResult, stop.Token);
        var addresses = await started.Task.WaitAsync(Token);
        await stop.CancelAsync();
        await silo.Stopping.Task.WaitAsync(Token);
        var endedBeforeTheSilo = running.IsCompleted;
        silo.Drained.SetResult();

        Assert.Equal(0, await running);
        Assert.False(endedBeforeTheSilo);
        Assert.StartsWith("http://127.0.0.1:", Assert.Single(addresses), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithASiloThatDoesNotDrain_EndsAllTheSame()
    {
        await using var server = QuiverServer.Create(Setup(["http://127.0.0.1:0"], new SlowSilo(), TimeSpan.FromSeconds(1)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var started = new TaskCompletionSource<ImmutableArray<string>>();

        var running = server.RunAsync(started.SetResult, stop.Token);
        await started.Task.WaitAsync(Token);
        await stop.CancelAsync();

        Assert.Equal(0, await running.WaitAsync(Token));
    }

    private static QuiverServerSetup Setup(IList<string> urls, IHostedService? silo = null, TimeSpan? drain = null) => new()
    {
        Configuration = new ConfigurationBuilder().Build(),
        Logging = static logging => logging.SetMinimumLevel(LogLevel.None),
        Configure = options =>
        {
            options.Urls = urls;
            options.DrainTimeout = drain ?? options.DrainTimeout;
            options.RequestGrace = TimeSpan.FromMilliseconds(100);
        },
        AddSilo = services =>
        {
            services.AddSingleton<IQuiverClientFactory>(new ScriptedQuiverClient());
            if (silo is not null)
            {
                services.AddSingleton(silo);
            }
        },
    };

    private sealed class SlowSilo : IHostedService
    {
        public TaskCompletionSource Stopping { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Drained { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Stopping.TrySetResult();
            return Drained.Task.WaitAsync(cancellationToken);
        }
    }
}
