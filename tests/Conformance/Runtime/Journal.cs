namespace Quiver.Tests.Conformance.Runtime;

/// <summary>What happened inside of grains, in order, and the gates that hold them: tests wait for named events instead of sleeping.</summary>
public sealed class Journal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly List<string> _entries = [];
    private readonly Dictionary<string, TaskCompletionSource> _gates = [];
    private bool _isOpen;
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
    public Task WaitForAsync(string entry, int times = 1) =>
        WaitAsync(entries => entries.Count(other => other == entry) >= times, $"'{entry}' × {times}");

    /// <summary>Ends when there are so many entries, whichever: a runtime need not keep the order of calls.</summary>
    public Task WaitForCountAsync(int count) => WaitAsync(entries => entries.Count >= count, $"{count} entries");

    private async Task WaitAsync(Func<List<string>, bool> reached, string what)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (reached(_entries)) return;
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(Patience, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"Waited for {what}; happened: {string.Join(", ", Entries)}");
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

    /// <summary>Opens every gate there is and will be: what a failed test left behind must not hold up the end.</summary>
    public void OpenAll()
    {
        lock (_gate)
        {
            _isOpen = true;
            foreach (var gate in _gates.Values) gate.TrySetResult();
        }
    }

    private TaskCompletionSource Gate(string name)
    {
        lock (_gate)
        {
            if (!_gates.TryGetValue(name, out var gate)) _gates.Add(name, gate = new(TaskCreationOptions.RunContinuationsAsynchronously));
            if (_isOpen) gate.TrySetResult();
            return gate;
        }
    }
}
