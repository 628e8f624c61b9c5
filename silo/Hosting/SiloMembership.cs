using System.Threading.Channels;
using Orleans.Runtime;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Hosting;

/// <summary>Reports that jobs may have lost their silo.</summary>
internal interface ISiloChanges
{
    /// <summary>Completes when a silo has left since the last call. Silos take turns, so that usually one of them resumes all its jobs.</summary>
    Task WaitAsync(CancellationToken cancellationToken);
}

/// <summary>What this silo knows of the others. Thread-safe.</summary>
internal sealed class SiloMembership : ISiloChanges, ISiloCount, ISiloStatusListener
{
    /// <summary>The head start of each silo over the next one.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    private readonly ISiloStatusOracle _oracle;
    private readonly TimeProvider _time;

    // One signal covers any number of silos that left.
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

    // One silo would be enough, but that one may be about to leave as well. Waking a job twice does nothing.
    private int Rank() => Math.Min(2, _oracle.GetApproximateSiloStatuses(onlyActive: true).Keys.Count(other => other.CompareTo(_oracle.SiloAddress) < 0));
}
