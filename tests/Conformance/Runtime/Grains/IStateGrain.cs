using Orleans;

namespace Quiver.Tests.Conformance.Runtime.Grains;

internal interface IStateGrain : IGrainWithStringKey
{
    Task<string> DescribeAsync();

    Task SetAsync(int number);

    Task WriteAsync();

    Task ReadAsync();

    Task ClearAsync();

    Task SetAndWriteAsync(int number);

    Task<bool> TryWriteAsync(int number);

    Task WriteTwiceAtOnceAsync(int number);

    Task WriteElsewhereAsync(string otherGrain, int number);

    Task<int> GetActivationAsync();

    Task DeactivateAsync();
}
