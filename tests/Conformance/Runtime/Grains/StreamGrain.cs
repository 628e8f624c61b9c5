using Orleans;
using Orleans.Runtime;

namespace Quiver.Tests.Conformance.Runtime.Grains;

internal sealed class StreamGrain : Grain, IStreamGrain
{
    public async Task SendAsync(int from, int count)
    {
        var stream = this.GetStreamProvider(RuntimeFixture.Streams).GetStream<int>(StreamId.Create("numbers", this.GetPrimaryKeyString()));
        for (var i = 0; i < count; i++) await stream.OnNextAsync(from + i);
    }
}
