
using Quiver.Core.Jobs;

namespace Quiver.Grains.Jobs;

/// <summary>A job's grain state.</summary>
public sealed class IngestionJobState
{
    /// <summary>The job; null until it is submitted.</summary>
    public JobRecord? Job { get; set; }
}
