using Quiver.Tests.Cluster;

namespace Quiver.Tests.Conformance.Client;

/// <summary>What two silos of a cluster share.</summary>
internal sealed class SiloSurroundings : IAsyncDisposable
{
    /// <summary>Whether vectors are in the embedded index, which keeps no replicas.</summary>
    public static bool HaveEmbeddedIndex => false;

    /// <summary>Silos that work together.</summary>
    public const int Silos = 2;

    private SiloSurroundings(SharedServices services) => Services = services;

    public SharedServices Services { get; }

    public static async Task<SiloSurroundings> StartAsync() => new(await SharedServices.StartAsync());

    /// <summary>The settings of the next silo.</summary>
    public IReadOnlyDictionary<string, string?> NextSilo() => Services.NextPlace().Settings;

    public ValueTask DisposeAsync() => Services.DisposeAsync();
}
