namespace Quiver.Tests.Conformance.Runtime.Grains;

internal interface IReentrantTurnGrain : Orleans.IGrainWithStringKey
{
    Task RunAsync(string name);

    Task<int> CountTurnsAsync(int spins);

    Task CallSelfAsync();
}
