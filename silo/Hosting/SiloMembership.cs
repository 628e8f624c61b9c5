using System.Threading.Channels;
using Orleans.Runtime;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Hosting;

/// <summary>What the silo knows of the others. Thread-safe.</summary>
internal sealed class SiloMembership : ISiloChanges, ISiloCount, ISiloStatusListener
{
    /// <summary>What one silo leaves to the ones before it.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    private readonly ISiloStatusOracle _oracle;
    private readonly TimeProvider _time;

    // One signal stands for any number of silos that left.
    private readonly Channel<bool> _left = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public SiloMembership(ISiloStatusOracle oracle, TimeProvider time)
    {
        _oracle = oracle;
        _time = time;
        oracle.SubscribeToSiloStatusEvents(this);
    }

    public int Active => Math.Max(1, _oracle.GetApproximateSiloStatuses(onlyActive: true).Count);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead && !updatedSilo.Equals(_oracle.SiloAddress))
        {
            _left.Writer.TryWrite(true);
        }
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _left.Reader.ReadAsync(cancellationToken);
        await Task.Delay(Turn * Rank(), _time, cancellationToken);
    }

    // All silos hear of it, and one would be enough: but that one may be about to leave itself. The second time jobs are found awake.
    private int Rank() => Math.Min(2, _oracle.GetApproximateSiloStatuses(onlyActive: true).Keys.Count(other => other.CompareTo(_oracle.SiloAddress) < 0));
}
