using Orleans;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>The base of the suites: a fresh host for each test.</summary>
public abstract class RuntimeConformance<TFixture> : IAsyncLifetime
    where TFixture : RuntimeFixture, new()
{
    protected TFixture Host { get; } = new();

    protected Journal Journal => Host.Journal;

    protected IClusterClient Client => Host.Client;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Host.StartAsync();

    public async ValueTask DisposeAsync()
    {
        Journal.OpenAll();
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Moves the clock in steps until the journal shows what is awaited; runtimes re-arm their clocks some time after what a test can see.</summary>
    protected async Task AdvanceUntilAsync(Func<IReadOnlyList<string>, bool> reached, TimeSpan step)
    {
        for (var steps = 0; !reached(Journal.Entries); steps++)
        {
            Assert.True(steps < 500, $"It did not happen in {steps} steps of {step}; happened: {string.Join(", ", Journal.Entries)}");
            await Host.AdvanceAsync(step);
            await Journal.NextAsync();
        }
    }

    /// <summary>Moves the clock in steps until a task has ended; what it waits for may be armed some time after what a test can see.</summary>
    protected async Task AdvanceUntilEndedAsync(Task task, TimeSpan step)
    {
        for (var steps = 0; !task.IsCompleted; steps++)
        {
            Assert.True(steps < 500, $"It did not end in {steps} steps of {step}; happened: {string.Join(", ", Journal.Entries)}");
            await Host.AdvanceAsync(step);
            await Journal.NextAsync();
        }
    }

    /// <summary>Bounds the wait for something that should happen soon.</summary>
    protected static Task Soon(Task task) => task.WaitAsync(TimeSpan.FromSeconds(20), Token);

    protected static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(20), Token);
}
