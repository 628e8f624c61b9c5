namespace Quiver.Core.Collections;

/// <summary>Merges and compares collection settings.</summary>
internal static class CollectionSettingsChange
{
    /// <summary>Returns the current settings, overridden by the changes that are not null.</summary>
    public static CollectionSettings Merge(CollectionSettings present, CollectionSettings changes) => new()
    {
        Model = changes.Model ?? present.Model,
        Dedicated = changes.Dedicated ?? present.Dedicated,
        RetainFor = changes.RetainFor ?? present.RetainFor,
        Storage = Merge(present.Storage, changes.Storage),
        EmbedContext = changes.EmbedContext ?? present.EmbedContext,
    };

    /// <summary>Describes how requested settings differ from the current ones; the store compares storage settings.</summary>
    /// <param name="present">The current settings.</param>
    /// <param name="wanted">The requested settings; null members are not compared.</param>
    public static IReadOnlyList<string> Differences(CollectionSettings present, CollectionSettings wanted)
    {
        List<string> differences = [];
        if (wanted.Dedicated is { } dedicated && dedicated != (present.Dedicated ?? false))
        {
            differences.Add(dedicated ? "it shares a physical collection with others" : "it has a physical collection of its own");
        }

        var retained = present.RetainFor ?? TimeSpan.Zero;
        if (wanted.RetainFor is { } retain && retain != retained)
        {
            differences.Add($"retainFor is {Describe(retained)}, not {Describe(retain)}");
        }

        if (wanted.EmbedContext is { } embeds && embeds != (present.EmbedContext ?? true))
        {
            differences.Add(embeds ? "it embeds chunks without title and headings" : "it embeds title and headings with each chunk");
        }

        return differences;

        static string Describe(TimeSpan retention) => retention == TimeSpan.Zero ? "forever" : $"{retention}";
    }

    private static StorageSettings? Merge(StorageSettings? present, StorageSettings? changes) =>
        present is null || changes is null
            ? changes ?? present
            : new()
            {
                Distance = changes.Distance ?? present.Distance,
                Shards = changes.Shards ?? present.Shards,
                Replicas = changes.Replicas ?? present.Replicas,
                WriteConsistency = changes.WriteConsistency ?? present.WriteConsistency,
                VectorsOnDisk = changes.VectorsOnDisk ?? present.VectorsOnDisk,
                PayloadOnDisk = changes.PayloadOnDisk ?? present.PayloadOnDisk,
                WalCapacityMb = changes.WalCapacityMb ?? present.WalCapacityMb,
                Hnsw = Merge(present.Hnsw, changes.Hnsw),
                Quantization = changes.Quantization ?? present.Quantization,
                Optimizers = Merge(present.Optimizers, changes.Optimizers),
                StrictMode = Merge(present.StrictMode, changes.StrictMode),
            };

    private static HnswSettings? Merge(HnswSettings? present, HnswSettings? changes) =>
        present is null || changes is null
            ? changes ?? present
            : new()
            {
                M = changes.M ?? present.M,
                EfConstruct = changes.EfConstruct ?? present.EfConstruct,
                PayloadM = changes.PayloadM ?? present.PayloadM,
                FullScanThresholdKb = changes.FullScanThresholdKb ?? present.FullScanThresholdKb,
                OnDisk = changes.OnDisk ?? present.OnDisk,
            };

    private static OptimizerSettings? Merge(OptimizerSettings? present, OptimizerSettings? changes) =>
        present is null || changes is null
            ? changes ?? present
            : new()
            {
                DeletedThreshold = changes.DeletedThreshold ?? present.DeletedThreshold,
                VacuumMinVectors = changes.VacuumMinVectors ?? present.VacuumMinVectors,
                Segments = changes.Segments ?? present.Segments,
                MaxSegmentKb = changes.MaxSegmentKb ?? present.MaxSegmentKb,
                IndexingThresholdKb = changes.IndexingThresholdKb ?? present.IndexingThresholdKb,
                FlushIntervalSeconds = changes.FlushIntervalSeconds ?? present.FlushIntervalSeconds,
                MaxThreads = changes.MaxThreads ?? present.MaxThreads,
            };

    private static StrictModeSettings? Merge(StrictModeSettings? present, StrictModeSettings? changes) =>
        present is null || changes is null
            ? changes ?? present
            : new()
            {
                Enabled = changes.Enabled ?? present.Enabled,
                MaxQueryLimit = changes.MaxQueryLimit ?? present.MaxQueryLimit,
                MaxUpsertPoints = changes.MaxUpsertPoints ?? present.MaxUpsertPoints,
                MaxPoints = changes.MaxPoints ?? present.MaxPoints,
                MaxVectorBytes = changes.MaxVectorBytes ?? present.MaxVectorBytes,
                ReadsPerMinute = changes.ReadsPerMinute ?? present.ReadsPerMinute,
                WritesPerMinute = changes.WritesPerMinute ?? present.WritesPerMinute,
            };
}
