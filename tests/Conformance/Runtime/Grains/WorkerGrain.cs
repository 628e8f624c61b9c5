using Orleans;
using Orleans.Concurrency;

namespace Quiver.Tests.Conformance.Runtime.Grains;

[StatelessWorker(2)]
internal sealed class WorkerGrain(Journal journal, LifeGrain.Numbers numbers) : Grain, IWorkerGrain
{
    private readonly int _number = numbers.Next("worker");

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        journal.Add($"worker {_number} ended");
        return Task.CompletedTask;
    }

    public async Task<string> WorkAsync(string name)
    {
        journal.Add($"{name}<");
        await journal.PassAsync(name);
        journal.Add($"{name}>");
        return $"done by {_number}";
    }
}
