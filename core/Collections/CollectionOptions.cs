using System.ComponentModel.DataAnnotations;

namespace Quiver.Core.Collections;

/// <summary>Settings of collections: section <c>Quiver:Collections</c>.</summary>
public sealed class CollectionOptions
{
    /// <summary>The maximum number of dedicated collections per tenant, 0 to 1,000. Default: 10.</summary>
    [Range(0, 1000)]
    public int MaxDedicatedPerTenant { get; set; } = 10;

    /// <summary>
    /// Storage settings of shared physical collections; ranges as for a dedicated one. They apply when a shared
    /// physical collection is created. Default: the server's defaults.
    /// </summary>
    public StorageSettings? SharedStorage { get; set; }

    /// <summary>How often a collection with a retention period deletes expired points, 1 min to 1 d. Default: 15 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long a step of deletion or retention works before other calls get their turn, and how long a call waits for a change of storage,
    /// 10 ms to 10 s. Default: 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan StepDuration { get; set; } = TimeSpan.FromSeconds(1);
}
