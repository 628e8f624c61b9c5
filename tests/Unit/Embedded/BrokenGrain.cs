using Orleans;
using Quiver.Tests.Conformance.Runtime;
using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Unit.Embedded;

internal sealed class BrokenGrain : Grain, IBrokenGrain
{
    private readonly Journal _journal;

    public BrokenGrain(Journal journal)
    {
        _journal = journal;
        if (journal.Entries.Count == 0) throw new TestStateException("constructor", 1);
    }

    public Task NothingAsync()
    {
        _journal.Add("nothing");
        return Task.CompletedTask;
    }
}
