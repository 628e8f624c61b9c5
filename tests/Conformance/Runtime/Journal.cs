namespace Quiver.Tests.Conformance.Runtime;

/// <summary>What happened inside of grains, in order, and the gates that hold them: tests wait for named events instead of sleeping.</summary>
public sealed class Journal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly List<string> _entries = [];
    private readonly Dictionary<string, TaskCompletionSource> _gates = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    public void Add(string entry)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _entries.Add(entry);
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    /// <summary>Ends when the entry has been made so many times.</summary>
    public async Task WaitForAsync(string entry, int times = 1)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_entries.Count(other => other == entry) >= times) return;
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(Patience, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"Waited for '{entry}' × {times}; happened: {string.Join(", ", Entries)}");
            }
        }
    }

    /// <summary>Ends at the next entry, or after a moment: for loops that move the clock until something happens.</summary>
    public async Task NextAsync()
    {
        Task changed;
        lock (_gate) changed = _changed.Task;
        await changed.WaitAsync(Moment, TestContext.Current.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public int Count(string entry) => Entries.Count(other => other == entry);

    /// <summary>Ends when the gate is opened.</summary>
    public Task PassAsync(string gate) => Gate(gate).Task;

    public void Open(string gate) => Gate(gate).TrySetResult();

    private TaskCompletionSource Gate(string name)
    {
        lock (_gate)
        {
            if (!_gates.TryGetValue(name, out var gate)) _gates.Add(name, gate = new(TaskCreationOptions.RunContinuationsAsynchronously));
            return gate;
        }
    }
}
