using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;

namespace Quiver.Core.Embedding;

/// <summary>
/// Notices that another model answers under the name of a collection's model, with as many dimensions: the vector of a fixed text, the probe,
/// is stored with the collection and compared with a new one before a job writes. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class ModelCheck(TimeProvider time)
{
    /// <summary>The probe. It never changes: stored vectors are those of this text.</summary>
    public const string Text =
        "Quiver compares the vector of this sentence with the one that it stored earlier: 7 apple trees, an invoice of 1,250 euros and a river in winter.";

    /// <summary>
    /// The least cosine similarity of two vectors of the probe by one model. Another precision or another graphics card gives more than 0.99,
    /// another model about 0.
    /// </summary>
    public const double MinSimilarity = 0.95;

    // The first numbers of a longer vector tell models apart as well, and the collection's state stays small.
    private const int MaxNumbers = 4096;
    private const int MaxCollections = 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(CollectionKey, string, long), long> _passed = new();

    /// <summary>Whether a collection's model has to be checked; not when it was checked by this process within the last ten minutes.</summary>
    /// <param name="collection">The collection.</param>
    public bool IsDue(CollectionBinding collection) => !_passed.TryGetValue(Identify(collection), out var at) || time.GetElapsedTime(at) >= Interval;

    /// <summary>Embeds the probe without the cache.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tenant">The tenant whose share of the provider's budget is used.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The vector in its stored form; null when the model refuses the text, which says nothing about other texts.</returns>
    /// <exception cref="QuiverException">The call failed.</exception>
    public static async Task<string?> EmbedAsync(IEmbeddingModel model, TenantId tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var options = new EmbeddingCallContext(tenant) { SkipsCache = true }.ToOptions();
        var answer = await model.Generator.GenerateAsync([Text], options, cancellationToken);
        EmbeddingValidator.Validate(answer, 1, model.Info, refusalsAllowed: true);
        return EmbeddingRefusal.Find(answer[0]) is null ? Encode(answer[0].Vector.Span) : null;
    }

    /// <summary>Compares the stored vector of the probe with a new one.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="provider">The provider's name in the settings.</param>
    /// <param name="stored">The vector that was stored with the collection.</param>
    /// <param name="present">The vector that the provider returns now.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.ModelMismatch"/>: they differ too much.</exception>
    public void Compare(CollectionBinding collection, string provider, string stored, string present)
    {
        var similarity = Similarity(stored, present);
        if (similarity < MinSimilarity)
        {
            throw new ConflictException(
                ErrorCodes.ModelMismatch,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The provider {provider} returns other vectors for the model {collection.Model} than when collection {collection.Key.Collection} was filled: the similarity of its probe text is {similarity:0.00}, and {MinSimilarity} is the least for the same model. Serve the former model again and retry the job, or set another Quiver:Providers:{provider}:Revision and ingest into a new collection."));
        }

        if (_passed.Count >= MaxCollections)
        {
            // Collections that are forgotten are checked once more.
            _passed.Clear();
        }

        _passed[Identify(collection)] = time.GetTimestamp();
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
}
