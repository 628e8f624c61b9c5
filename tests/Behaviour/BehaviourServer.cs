using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quiver.Client;
using Quiver.Client.Http;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting;
using Quiver.Silo.Serving;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>One real server with everything in it, for all tests that need no process of their own; each takes a tenant for itself.</summary>
public sealed class BehaviourServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private DataDirectoryLock? _directory;
    private QuiverServer? _server;
    private HttpQuiverClientFactory? _clients;
    private HttpClient? _http;
    private int _tenants;

    public HttpClient Http => _http!;

    internal string Data => _folder.At("data");

    public IQuiverClient ClientOf(string tenant) => _clients!.Create(TenantId.Parse(tenant));

    /// <summary>A tenant that no other test uses.</summary>
    internal BehaviourTenant NewTenant()
    {
        var name = $"tenant-{Interlocked.Increment(ref _tenants)}";
        return new(this, name, Directory.CreateDirectory(_folder.At(name)).FullName);
    }

    internal WorkMeter Measure() => new(_server!.Services.GetRequiredService<IMeterFactory>());

    public async ValueTask InitializeAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Quiver:Jobs:MaxRunningPerTenant", "1"), new("Quiver:Jobs:CheckpointInterval", "00:00:00.100")])
            .Build();
        var token = TestContext.Current.CancellationToken;
        _directory = await DataDirectoryLock.AcquireAsync(Data, "quiver serve", TimeProvider.System, token);
        _server = QuiverServer.Create(new()
        {
            Configuration = configuration,
            Directory = _directory,
            AddSilo = services => services.AddQuiverSilo(configuration, new SiloSettings(Data, RunsJobs: true)),
            Configure = static options => options.Urls = ["http://127.0.0.1:0"],
            Logging = static logging => logging.SetMinimumLevel(LogLevel.None),
        });
        await _server.StartAsync(token);
        _clients = new(new() { BaseAddress = _server.LocalAddress }, TimeProvider.System, Random.Shared);
        _http = new() { BaseAddress = _server.LocalAddress };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        _clients?.Dispose();
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }

        if (_directory is not null)
        {
            await _directory.DisposeAsync();
        }

        _folder.Dispose();
    }
}

/// <summary>Tests on one server, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class BehaviourCollection : ICollectionFixture<BehaviourServer>
{
    public const string Name = "Behaviour";
}

/// <summary>A tenant of the shared server with a folder of its own.</summary>
internal sealed class BehaviourTenant(BehaviourServer server, string name, string folder)
{
    public static readonly CollectionName Docs = CollectionName.Parse("docs");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Name => name;

    public IQuiverClient Client { get; } = server.ClientOf(name);

    public string At(string path) => Path.Combine(folder, path);

    public string Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), content);
        return At(path);
    }

    /// <summary>A request for a job into <see cref="Docs"/>.</summary>
    public JobSpec Spec(string path, SyncMode sync = SyncMode.Update, string? idField = null) => new()
    {
        Tenant = TenantId.Parse(name),
        Collection = Docs,
        Source = new() { Paths = [path], IdField = idField },
        Sync = sync,
    };

    public Task<JobReport> IngestAsync(string path, SyncMode sync = SyncMode.Update, string? idField = null) => RunAsync(Spec(path, sync, idField));

    /// <summary>Submits a job and follows it to its end.</summary>
    public async Task<JobReport> RunAsync(JobSpec spec) => await EndAsync((await Client.SubmitAsync(spec, Token)).Id);

    /// <summary>Follows a job to its end.</summary>
    public async Task<JobReport> EndAsync(JobId job)
    {
        await EventsAsync(job);
        return await Client.GetReportAsync(job, Token);
    }

    /// <summary>All events of a job, to its end.</summary>
    public async Task<IReadOnlyList<JobEvent>> EventsAsync(JobId job, long after = 0)
    {
        List<JobEvent> events = [];
        await foreach (var change in Client.WatchJobAsync(job, after, Token))
        {
            events.Add(change);
        }

        return events;
    }

    public Task<ExportedPoints> ExportAsync() => ExportedPoints.ReadAsync(Client, Docs);

    public async Task<ImmutableArray<string>> SearchAsync(string query) =>
        [.. (await Client.SearchAsync(Docs, new() { Query = query, Limit = 100 }, Token)).Hits.Select(static hit => hit.Text)];

    /// <summary>Runs a command for this tenant; it finds the server by the data directory.</summary>
    public Task<CliResult> CliAsync(params string[] arguments) => CliRun.InvokeAsync(folder, [.. arguments, "--data", server.Data, "--tenant", name]);

    /// <summary>Asks the server for something that it must refuse.</summary>
    public async Task AssertRefusedAsync(HttpMethod method, string path, int status, string code, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add(QuiverHeaders.Tenant, name);
        if (body is not null)
        {
            request.Content = new StringContent(body, null, "application/json");
        }

        using var response = await server.Http.SendAsync(request, Token);
        var problem = await response.Content.ReadFromJsonAsync(QuiverJsonContext.Shared.Problem, Token);
        Assert.Equal((status, code), ((int)response.StatusCode, problem!.Code));
        Assert.Equal(Problem.ContentType, response.Content.Headers.ContentType?.MediaType);
        Assert.InRange(problem.Detail!.Length, 20, 400);
    }
}
