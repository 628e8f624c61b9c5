using System.Net.Http.Json;
using Quiver.Client;
using Quiver.Client.Http;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

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
        [.. (await Client.SearchAsync(Docs, new() { Query = query, Limit = 100 }, Token)).Select(static hit => hit.Text)];

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
