using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Quiver.Core.Vectors;

namespace Quiver.Core.Embedding;

/// <summary>
/// Notices that another remote model answers under the name of a collection's model, with as many dimensions: the vector of a fixed text, the
/// probe, is stored with the collection and compared with a new one before a job sends its first texts. A collection of an earlier version has
/// points and no probe: its stored chunks are compared instead. Thread-safe.
/// </summary>
/// <param name="probes">The stored probes.</param>
/// <param name="store">The stored chunks.</param>
/// <param name="models">The providers, for their names.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Receives a warning about a model that cannot be checked.</param>
public sealed partial class ModelCheck(
    IModelProbes probes, IVectorStore store, IEmbeddingModelCatalog models, TimeProvider time, ILogger<ModelCheck> logger)
{
    /// <summary>The probe. It never changes: stored vectors are those of this text.</summary>
    public const string Text =
        "Quiver compares the vector of this sentence with the one that it stored earlier: 7 apple trees, an invoice of 1,250 euros and a river in winter.";

    /// <summary>
    /// The least cosine similarity of two vectors of a text by one model. Another precision or another graphics card gives more than 0.99,
    /// another model about 0.
    /// </summary>
    public const double MinSimilarity = 0.95;

    /// <summary>Stored chunks that are compared where there is no probe.</summary>
    internal const int Samples = 3;

    // The first numbers of a longer vector tell models apart as well, and the collection's state stays small.
    private const int MaxNumbers = 4096;
    private const int MaxCollections = 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(CollectionKey, string, long), Entry> _entries = [];

    /// <summary>
    /// Checks the model of a collection, unless it was checked by this process within the last ten minutes. Callers that come meanwhile share
    /// the check.
    /// </summary>
    /// <param name="collection">The collection.</param>
    /// <param name="model">Its model, a remote one.</param>
    /// <param name="cancellationToken">Stops waiting; the check continues for the others.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.ModelMismatch"/>: another model answers.</exception>
    /// <exception cref="QuiverException">The provider, the store or the collection cannot be reached.</exception>
    public Task RequireAsync(CollectionBinding collection, IEmbeddingModel model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        lock (_lock)
        {
            var entry = EntryOf(collection);
            if (entry.PassedAt is { } at && time.GetElapsedTime(at) < Interval)
            {
                return Task.CompletedTask;
            }

            if (entry.Running is not { IsCompleted: false })
            {
                // Not the token of one caller: the others wait for it too. The requests have their own timeouts.
                entry.Running = Task.Run(() => CheckAsync(entry, collection, model, CancellationToken.None), CancellationToken.None);
            }

            return entry.Running.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stores the probe of a checked model with a collection that had no points yet, now that it has some.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.ModelMismatch"/>: meanwhile another process stored points of another model.</exception>
    public async Task StoredAsync(CollectionBinding collection, CancellationToken cancellationToken)
    {
        Entry? entry;
        string? probe;
        lock (_lock)
        {
            _entries.TryGetValue(Identify(collection), out entry);
            probe = entry?.Unstored;
        }

        if (entry is null || probe is null)
        {
            return;
        }

        Compare(collection, await probes.TakeAsync(collection.Key, probe, cancellationToken), probe);
        lock (_lock)
        {
            entry.Unstored = null;
        }
    }

    private async Task CheckAsync(Entry entry, CollectionBinding collection, IEmbeddingModel model, CancellationToken cancellationToken)
    {
        var stored = await probes.FindAsync(collection.Key, cancellationToken);
        var hasMatched = stored is null && await MatchesChunksAsync(collection, model, cancellationToken);
        var probe = (await EmbedAsync(model, collection, [Text], cancellationToken))[0];
        if (probe is null)
        {
            if (!hasMatched)
            {
                LogNotChecked(logger, collection.Model, collection.Key);
            }
        }
        else if (stored is not null || hasMatched)
        {
            Compare(collection, stored ?? await probes.TakeAsync(collection.Key, probe, cancellationToken), probe);
        }

        lock (_lock)
        {
            // Without points there is nothing yet that the probe would speak for.
            entry.Unstored = stored is null && !hasMatched ? probe : null;
            entry.PassedAt = time.GetTimestamp();
        }
    }

    /// <summary>Whether some of the stored chunks get their vectors again; false where there are none to compare.</summary>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.ModelMismatch"/>: none of them does.</exception>
    private async Task<bool> MatchesChunksAsync(CollectionBinding collection, IEmbeddingModel model, CancellationToken cancellationToken)
    {
        // With titles and headings more was embedded than the stored text.
        var points = collection.EmbedContext ? [] : await store.ScrollAsync(collection.PointScope, null, Samples, withVectors: true, cancellationToken);
        if (points.Count == 0)
        {
            return false;
        }

        var vectors = await EmbedAsync(model, collection, [.. points.Select(static point => point.Payload.Text)], cancellationToken);
        var nearest = points.Zip(vectors)
            .Where(static pair => pair.Second is not null)
            .Max(static pair => (double?)Similarity(Encode(pair.First.Vector.Span), pair.Second!));
        return nearest is null or >= MinSimilarity ? nearest is not null : throw Mismatch(collection, "the chunks that are stored", nearest.Value);
    }

    /// <summary>Embeds texts without the cache.</summary>
    /// <returns>The vectors in their stored form; null where the model refuses a text, which says nothing about other texts.</returns>
    private static async Task<string?[]> EmbedAsync(
        IEmbeddingModel model, CollectionBinding collection, string[] texts, CancellationToken cancellationToken)
    {
        var options = new EmbeddingCallContext(collection.Key.Tenant) { SkipsCache = true }.ToOptions();
        var answer = await model.Generator.GenerateAsync(texts, options, cancellationToken);
        EmbeddingValidator.Validate(answer, texts.Length, model.Info, refusalsAllowed: true);
        return [.. answer.Select(static embedding => EmbeddingRefusal.Find(embedding) is null ? Encode(embedding.Vector.Span) : null)];
    }

    private void Compare(CollectionBinding collection, string stored, string present)
    {
        var similarity = Similarity(stored, present);
        if (similarity < MinSimilarity)
        {
            throw Mismatch(collection, "its probe text", similarity);
        }
    }

    private ConflictException Mismatch(CollectionBinding collection, string compared, double similarity)
    {
        var name = collection.Key.Collection;
        var provider = models.Providers.FirstOrDefault(served => !served.IsLocal && served.Model.Info.Id == collection.Model)?.Name ?? collection.Model;
        return new(
            ErrorCodes.ModelMismatch,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The provider {provider} returns other vectors for the model {collection.Model} than when collection {name} was filled: the similarity for "
                + $"{compared} is {similarity:0.00}, and {MinSimilarity} is the least for the same model. "
                + $"Serve the former model again and retry the job, or set another Quiver:Providers:{provider}:Revision and ingest into a new collection. "
                + $"If collection {name} was filled by the model that is served now, and an earlier version of Quiver stored the probe of another one, reset the check "
                + $"with 'quiver collections set {name} --reset-model-check' (POST /v1/collections/{name}/reset-model-check), then retry the job."));
    }

    private Entry EntryOf(CollectionBinding collection)
    {
        var key = Identify(collection);
        if (!_entries.TryGetValue(key, out var entry))
        {
            if (_entries.Count >= MaxCollections)
            {
                // Collections that are forgotten are checked once more.
                _entries.Clear();
            }

            _entries.Add(key, entry = new());
        }

        return entry;
    }

    // A collection that was deleted and made again is another one.
    private static (CollectionKey, string, long) Identify(CollectionBinding collection) =>
        (collection.Key, collection.Model, collection.BornAfterGeneration ?? 0);

    /// <summary>The cosine similarity of two stored vectors; 0 when their lengths differ.</summary>
    internal static double Similarity(string one, string other)
    {
        var (first, second) = (Decode(one), Decode(other));
        if (first.Length != second.Length)
        {
            return 0;
        }

        var (product, firstSquares, secondSquares) = (0d, 0d, 0d);
        for (var i = 0; i < first.Length; i++)
        {
            product += (double)first[i] * second[i];
            firstSquares += (double)first[i] * first[i];
            secondSquares += (double)second[i] * second[i];
        }

        return firstSquares > 0 && secondSquares > 0 ? product / Math.Sqrt(firstSquares * secondSquares) : 0;
    }

    /// <summary>The first numbers of a vector, little-endian, in base64.</summary>
    internal static string Encode(ReadOnlySpan<float> vector)
    {
        var numbers = vector[..Math.Min(vector.Length, MaxNumbers)];
        var bytes = new byte[numbers.Length * sizeof(float)];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        }

        return Convert.ToBase64String(bytes);
    }

    private static float[] Decode(string stored)
    {
        var bytes = Convert.FromBase64String(stored);
        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return vector;
    }

    [LoggerMessage(
        EventId = 3114,
        Level = LogLevel.Warning,
        Message = "The model {Model} refuses the probe text: Quiver cannot check whether it is the model that filled collection {Collection}.")]
    private static partial void LogNotChecked(ILogger logger, string model, CollectionKey collection);

    /// <summary>What this process knows of a collection; guarded by the lock.</summary>
    private sealed class Entry
    {
        /// <summary>The last check.</summary>
        public Task? Running { get; set; }

        /// <summary>When a check last passed: a timestamp of the clock.</summary>
        public long? PassedAt { get; set; }

        /// <summary>The probe of a collection that had no points when it was checked; null when it is stored.</summary>
        public string? Unstored { get; set; }
    }
}

/// <summary>The vectors of the probe text that are stored with collections, as <see cref="ModelCheck"/> encodes them. Thread-safe.</summary>
public interface IModelProbes
{
    /// <summary>Returns the stored vector of a collection; null when it has none.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    Task<string?> FindAsync(CollectionKey collection, CancellationToken cancellationToken = default);

    /// <summary>Stores a vector with a collection that has none, and returns the one that it has then.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="probe">The vector.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownCollection"/>.</exception>
    Task<string> TakeAsync(CollectionKey collection, string probe, CancellationToken cancellationToken = default);
}
