using System.Diagnostics;

namespace Quiver.Tests.Conformance.Runtime.Cluster;

/// <summary>Listens for the activities of Orleans, as a silo's telemetry does: without a listener no trace crosses a call.</summary>
internal static class OrleansTraces
{
    private static readonly Lazy<ActivityListener> Listener = new(static () =>
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("Microsoft.Orleans", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    });

    /// <summary>From the first call on, for good.</summary>
    public static void Listen() => _ = Listener.Value;
}
