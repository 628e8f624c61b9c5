namespace Quiver.Tests.Conformance.Runtime.Grains;

internal interface IWorkerGrain : Orleans.IGrainWithIntegerKey
{
    Task<string> WorkAsync(string name);
}
