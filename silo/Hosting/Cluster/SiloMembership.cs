using System.Threading.Channels;
using Orleans.Runtime;
using Quiver.Grains.Jobs;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>What the silo knows of the others. Thread-safe.</summary>
internal sealed class SiloMembership : ISiloChanges, ISiloCount, ISiloStatusListener
{
    private readonly ISiloStatusOracle _oracle;

    // One signal stands for any number of silos that left.
    private readonly Channel<bool> _left = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public SiloMembership(ISiloStatusOracle oracle)
    {
        _oracle = oracle;
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
        do
        {
            await _left.Reader.ReadAsync(cancellationToken);
        }
        while (!IsFirst());
    }

    // All silos hear of it; one is enough, and which one all agree on.
    private bool IsFirst() => _oracle.SiloAddress.Equals(_oracle.GetApproximateSiloStatuses(onlyActive: true).Keys.Min());
}
