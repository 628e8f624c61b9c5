namespace Quiver.Tests.Conformance.Client;

/// <summary>What a standalone silo needs around it: nothing.</summary>
internal sealed class SiloSurroundings : IAsyncDisposable
{
    /// <summary>Whether vectors are in the embedded index, which keeps no replicas.</summary>
    public static bool HaveEmbeddedIndex => true;

    /// <summary>Silos that work together.</summary>
    public const int Silos = 1;

    private readonly Dictionary<string, string?> _none = [];

    public static Task<SiloSurroundings> StartAsync() => Task.FromResult(new SiloSurroundings());

    /// <summary>The settings of the next silo.</summary>
    public IReadOnlyDictionary<string, string?> NextSilo() => _none;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
