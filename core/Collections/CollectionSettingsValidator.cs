using System.Globalization;

namespace Quiver.Core.Collections;

/// <summary>Validates collection settings.</summary>
public static class CollectionSettingsValidator
{
    private static readonly TimeSpan MinRetention = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxRetention = TimeSpan.FromDays(36525);
    private static readonly int[] Compressions = [4, 8, 16, 32, 64];

    /// <summary>Refuses settings that are out of range.</summary>
    /// <param name="settings">The settings.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>; lists every fault.</exception>
    public static void Validate(CollectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        List<string> faults = [];
        if (settings.RetainFor is { } retain && retain != TimeSpan.Zero && (retain < MinRetention || retain > MaxRetention))
        {
            faults.Add("retainFor is 1 minute to 100 years, or zero for forever");
        }

        if (settings.Storage is { } storage)
        {
            Check(storage, faults);
        }

        if (faults.Count > 0)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"The collection's settings are not valid: {string.Join("; ", faults)}.");
        }
    }

    private static void Check(StorageSettings storage, List<string> faults)
    {
        Named(storage.Distance, "distance");
        Range(storage.Shards, 1, 1000, "shards");
        Range(storage.Replicas, 1, 32, "replicas");
        Range(storage.WriteConsistency, 1, 32, "writeConsistency");
        if (storage.WriteConsistency > (storage.Replicas ?? int.MaxValue))
        {
            faults.Add("storage.writeConsistency is at most storage.replicas");
        }

        Range(storage.WalCapacityMb, 1, 1024, "walCapacityMb");
        if (storage.Hnsw is { } hnsw)
        {
            Range(hnsw.M, 0, 2048, "hnsw.m");
            Range(hnsw.EfConstruct, 4, 10_000, "hnsw.efConstruct");
            Range(hnsw.PayloadM, 0, 2048, "hnsw.payloadM");
            Range(hnsw.FullScanThresholdKb, 10, 1_000_000_000, "hnsw.fullScanThresholdKb");
        }

        if (storage.Optimizers is { } optimizers)
        {
            Part(optimizers.DeletedThreshold, 0, "optimizers.deletedThreshold");
            Range(optimizers.VacuumMinVectors, 100, 1_000_000_000, "optimizers.vacuumMinVectors");
            Range(optimizers.Segments, 0, 1024, "optimizers.segments");
            Range(optimizers.MaxSegmentKb, 1, 2_000_000_000, "optimizers.maxSegmentKb");
            Range(optimizers.IndexingThresholdKb, 0, 2_000_000_000, "optimizers.indexingThresholdKb");
            Range(optimizers.FlushIntervalSeconds, 1, 3600, "optimizers.flushIntervalSeconds");
            Range(optimizers.MaxThreads, 0, 1024, "optimizers.maxThreads");
        }

        if (storage.StrictMode is { } strict)
        {
            Range(strict.MaxQueryLimit, 1000, 1_000_000, "strictMode.maxQueryLimit");
            Range(strict.MaxUpsertPoints, 256, 1_000_000, "strictMode.maxUpsertPoints");
            Range(strict.MaxPoints, 1, 1_000_000_000_000, "strictMode.maxPoints");
            Range(strict.MaxVectorBytes, 1, 1_000_000_000_000_000, "strictMode.maxVectorBytes");
            Range(strict.ReadsPerMinute, 1, 1_000_000_000, "strictMode.readsPerMinute");
            Range(strict.WritesPerMinute, 1, 1_000_000_000, "strictMode.writesPerMinute");
        }

        if (storage.Quantization is { } quantization)
        {
            Named((QuantizationKind?)quantization.Kind, "quantization.kind");
            Part(quantization.Quantile, 0.5, "quantization.quantile");
            Only(quantization.Quantile, QuantizationKind.Scalar, "quantile");
            Only(quantization.Compression, QuantizationKind.Product, "compression");
            if (quantization.Compression is { } compression && !Compressions.Contains(compression))
            {
                faults.Add("storage.quantization.compression is 4, 8, 16, 32 or 64");
            }

            void Only(object? value, QuantizationKind kind, string name)
            {
                if (value is not null && quantization.Kind != kind)
                {
                    faults.Add($"storage.quantization.{name} applies to the kind {kind} only");
                }
            }
        }

        void Named<T>(T? value, string name)
            where T : struct, Enum
        {
            if (value is { } given && !Enum.IsDefined(given))
            {
                faults.Add($"storage.{name} is none of {string.Join(", ", Enum.GetNames<T>())}");
            }
        }

        void Range(long? value, long lowest, long highest, string name)
        {
            if (value is { } given && (given < lowest || given > highest))
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"storage.{name} is {lowest} to {highest}, not {given}"));
            }
        }

        void Part(double? value, double lowest, string name)
        {
            if (value is { } given && !(given >= lowest && given <= 1))
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"storage.{name} is {lowest} to 1, not {given}"));
            }
        }
    }
}
