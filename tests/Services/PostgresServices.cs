using Quiver.Tests.Services;

[assembly: AssemblyFixture(typeof(PostgresServices))]

namespace Quiver.Tests.Services;

/// <summary>The PostgreSQL server that tests share, started by the first one that asks; each takes a schema for itself.</summary>
public sealed class PostgresServices : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(PostgresServer.StartAsync);
    private int _schemas;

    /// <summary>A schema of its own.</summary>
    internal async Task<PostgresSchema> NewSchemaAsync() =>
        await PostgresSchema.CreateAsync(await _server.Value, $"s{Interlocked.Increment(ref _schemas)}");

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
