using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Adapters.Sources.Postgres;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Sources;

namespace Quiver.Tests.Services;

/// <summary>A schema of a test's own, and the way that jobs read it.</summary>
internal sealed class PostgresSchema : IDisposable
{
    /// <summary>The connection's name in the settings.</summary>
    public const string Connection = "test";

    private readonly ConcurrentBag<ServiceProvider> _factories = [];

    private PostgresSchema(PostgresServer server, string name)
    {
        Server = server;
        Name = name;
    }

    public PostgresServer Server { get; }

    public string Name { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<PostgresSchema> CreateAsync(PostgresServer server, string name)
    {
        await server.ExecuteAsync($"CREATE SCHEMA {name}");
        return new(server, name);
    }

    /// <summary>Runs statements in which names without a schema are this one's.</summary>
    public Task ExecuteAsync(string sql) => Server.ExecuteAsync($"SET search_path = {Name}, public; {sql}");

    public Task<List<string>> ListAsync(string sql) => Server.ListAsync($"SET search_path = {Name}, public; {sql}");

    /// <summary>A factory over this server; the connection goes to another port where a test put something between.</summary>
    public ISourceFactory Factory(Action<PostgresOptions>? configure = null, int? port = null)
    {
        var provider = new ServiceCollection()
            .AddPostgresSources(options =>
            {
                options.Connections[Connection] = new() { ConnectionString = PostgresServer.ConnectionStringTo(port ?? Server.Port) };
                options.PageRows = 3;
                configure?.Invoke(options);
            })
            .BuildServiceProvider();
        _factories.Add(provider);
        return provider.GetRequiredService<ISourceFactory>();
    }

    public SourceSpec Spec(string table, params string[] key) => new()
    {
        Kind = "postgres",
        Paths = [$"postgres://{Connection}"],
        Table = new() { Schema = Name, Name = table, KeyColumns = [.. key], TextColumns = ["body"] },
    };

    public Task<IDocumentSource> OpenAsync(SourceSpec spec, Action<PostgresOptions>? configure = null) => Factory(configure).OpenAsync(spec, Token);

    /// <summary>Gives the connections back; the schema goes with its server.</summary>
    public void Dispose()
    {
        foreach (var factory in _factories)
        {
            factory.Dispose();
        }
    }

    /// <summary>Reads everything behind a cursor.</summary>
    public async Task<List<SourceRecord>> ReadAsync(SourceSpec spec, Action<PostgresOptions>? configure = null, SourceCursor? from = null) =>
        await (await OpenAsync(spec, configure)).ReadAsync(from ?? SourceCursor.Start, Token).ToListAsync(Token);
}
