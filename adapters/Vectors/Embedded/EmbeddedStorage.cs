namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// What of the storage settings the embedded index can do. What it happens to do anyway is accepted; the rest is refused rather than
/// ignored, because somebody who asks for two replicas must not believe that he has them.
/// </summary>
internal static class EmbeddedStorage
{
    /// <summary>Refuses what the index cannot do.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.NotSupported"/>; names every setting.</exception>
    public static void RequireSupported(StorageSettings storage)
    {
        List<string> refused = [];
        Check("distance", storage.Distance is null or VectorDistance.Cosine);
        Check("shards", storage.Shards is null or 1);
        Check("replicas", storage.Replicas is null or 1);
        Check("writeConsistency", storage.WriteConsistency is null or 1);
        Check("vectorsOnDisk", storage.VectorsOnDisk is null or true);
        Check("payloadOnDisk", storage.PayloadOnDisk is null or true);
        Check("walCapacityMb", storage.WalCapacityMb is null);
        Check("hnsw", storage.Hnsw is null || storage.Hnsw == new HnswSettings());
        Check("quantization", storage.Quantization is null or { Kind: QuantizationKind.None });
        Check("optimizers", storage.Optimizers is null || storage.Optimizers == new OptimizerSettings());
        Check("strictMode", storage.StrictMode is null || storage.StrictMode == new StrictModeSettings());
        if (refused.Count > 0)
        {
            throw new InvalidRequestException(
                ErrorCodes.NotSupported,
                $"The embedded index compares all vectors of a collection by cosine, on this machine only, and cannot do what storage.{string.Join(", storage.", refused)} asks for: leave that out, or use Qdrant (Quiver:Vectors:Store).");
        }

        void Check(string name, bool supported)
        {
            if (!supported)
            {
                refused.Add(name);
            }
        }
    }
}
