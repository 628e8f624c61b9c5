using System.ComponentModel.DataAnnotations;

namespace Quiver.Core.Collections;

/// <summary>How collections are kept: section <c>Quiver:Collections</c>.</summary>
public sealed class CollectionOptions
{
    /// <summary>Collections of a tenant that may have a physical collection of their own, 0 to 1,000. Default: 10.</summary>
    [Range(0, 1000)]
    public int MaxDedicatedPerTenant { get; set; } = 10;

    /// <summary>
    /// How physical collections are stored that the collections of many tenants share; ranges as for a dedicated one. It counts when such a
    /// physical collection is made. Default: the server's own.
    /// </summary>
    public StorageSettings? SharedStorage { get; set; }

    /// <summary>How often a collection that retains for a time looks for points that are older, 1 min to 1 d. Default: 15 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long one step of a deletion or of retention works before it lets others come in between, and for how long a change of storage is waited for, 10 ms to 10 s. Default: 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan StepDuration { get; set; } = TimeSpan.FromSeconds(1);
}
