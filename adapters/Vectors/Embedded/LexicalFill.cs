using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// Fills the full-text index of a collection that an older version of Quiver wrote, in the background and in small transactions between those of
/// others. What is filled stays filled when the process ends. Thread-safe.
/// </summary>
internal sealed class LexicalFill : IAsyncDisposable
{
    /// <summary>Points that one transaction adds: others wait for it.</summary>
    private const int StepPoints = 128;

    private readonly SqliteDatabase _database;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;

    private LexicalFill(SqliteDatabase database) => _database = database;

    /// <summary>Starts the filling when points are missing.</summary>
    public static async Task<LexicalFill> StartAsync(SqliteDatabase database)
    {
        var fill = new LexicalFill(database);
        if (await database.ReadAsync(LexicalTables.ReadProgress) is not null)
        {
            fill.Continue();
        }

        return fill;
    }

    /// <summary>Starts the filling unless it runs: for the first time, or again after a fault such as a full disk.</summary>
    /// <returns>The fault that interrupted it; null when there was none.</returns>
    public Exception? Continue()
    {
        lock (_lock)
        {
            var fault = _running.Exception?.InnerException;
            if (_running.IsCompleted && !_stop.IsCancellationRequested)
            {
                _running = RunAsync();
            }

            return fault;
        }
    }

    /// <summary>Stops the filling after its present transaction.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task running;
        lock (_lock)
        {
            running = _running;
        }

        // What failed is reported to searches, and is tried again when the collection is opened.
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _database.WriteAsync(static session => LexicalTables.FillSome(session, StepPoints), _stop.Token) > 0)
        {
            // Until no point is left.
        }
    }
}
