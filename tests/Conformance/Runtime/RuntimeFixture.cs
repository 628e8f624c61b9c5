using Orleans;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>A host of the test grains, whatever runtime is behind it.</summary>
public abstract class RuntimeFixture : IAsyncDisposable
{
    /// <summary>The name of the store of the test grains.</summary>
    public const string Store = "store";

    /// <summary>The name of the stream provider.</summary>
    public const string Streams = "quiver";

    /// <summary>How long the hosts' callers wait for a response.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may be idle.</summary>
    public static readonly TimeSpan CollectionAge = TimeSpan.FromMinutes(15);

    /// <summary>The shortest period of a reminder.</summary>
    public static readonly TimeSpan MinimumReminderPeriod = TimeSpan.FromSeconds(5);

    /// <summary>What happened inside of grains.</summary>
    public Journal Journal { get; } = new();

    /// <summary>Faults to inject.</summary>
    public StorageFaults Faults { get; } = new();

    public abstract IClusterClient Client { get; }

    /// <summary>Starts a host; after <see cref="StopAsync"/> another one on the same stores.</summary>
    public abstract Task StartAsync();

    /// <summary>Stops the host gracefully.</summary>
    public abstract Task StopAsync();

    /// <summary>Lets time pass.</summary>
    public abstract Task AdvanceAsync(TimeSpan time);

    public abstract ValueTask DisposeAsync();
}
