namespace Quiver.GrainInterfaces;

/// <summary>Names of streams; the stream of job events has the job's grain key as its key.</summary>
public static class StreamNames
{
    /// <summary>
    /// The stream provider. Must differ from every grain storage name: Orleans would keep subscriptions in the storage of that name.
    /// </summary>
    public const string Provider = "quiver-events";

    /// <summary>The namespace of job events.</summary>
    public const string JobEvents = "job-events";

    /// <summary>The name of the grain storage.</summary>
    public const string GrainStorage = "quiver";
}
