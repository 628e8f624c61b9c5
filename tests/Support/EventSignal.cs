using Microsoft.Extensions.Logging;

namespace Quiver.Tests.Support;

/// <summary>Tells when an event was logged, by its id.</summary>
internal sealed class EventSignal(int id) : ILoggerProvider, ILogger
{
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the event was logged for the first time.</summary>
    public Task Seen => _seen.Task;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == id)
        {
            _seen.TrySetResult();
        }
    }

    public void Dispose()
    {
    }
}
