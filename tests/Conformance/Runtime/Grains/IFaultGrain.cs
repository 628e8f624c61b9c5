namespace Quiver.Tests.Conformance.Runtime.Grains;

internal interface IFaultGrain : Orleans.IGrainWithIntegerKey
{
    Task<int> ThrowAsync(string kind);

    Task RelayAsync(long other, string kind);
}
