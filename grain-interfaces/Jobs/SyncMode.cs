namespace Quiver.GrainInterfaces.Jobs;

/// <summary>What a job does about documents that the collection already holds.</summary>
[GenerateSerializer, Alias("quiver.sync-mode.v1")]
public enum SyncMode
{
    /// <summary>Add documents whose id is new; leave known ones as they are, whatever their content now is.</summary>
    Append = 1,

    /// <summary>Add new documents and replace changed ones.</summary>
    Update = 2,

    /// <summary>As <see cref="Update"/>; after the job completed, delete the documents that its source no longer has.</summary>
    Mirror = 3,
}
