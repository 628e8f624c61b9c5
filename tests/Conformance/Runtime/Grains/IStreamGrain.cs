namespace Quiver.Tests.Conformance.Runtime.Grains;

internal interface IStreamGrain : Orleans.IGrainWithStringKey
{
    Task SendAsync(int from, int count);
}
