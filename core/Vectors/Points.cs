namespace Quiver.Core.Vectors;

/// <summary>Which points an operation may touch: those of one tenant's collection in one physical collection.</summary>
/// <param name="PhysicalCollection">The physical collection's name: 1 to 128 characters, <c>A–Z a–z 0–9 . _ -</c>.</param>
/// <param name="Collection">The tenant and its collection; every read, write and delete is filtered by it.</param>
public readonly record struct PointScope(string PhysicalCollection, CollectionKey Collection);

/// <summary>A point to store.</summary>
/// <param name="Id">See <see cref="PointId"/>.</param>
/// <param name="Vector">As long as the collection's dimensions; finite and not all zero.</param>
/// <param name="Payload">What is stored with the vector.</param>
public sealed record VectorPoint(Guid Id, ReadOnlyMemory<float> Vector, PointPayload Payload);

/// <summary>A point read from the store.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Payload">What is stored with the vector.</param>
/// <param name="Vector">Its vector; empty unless requested.</param>
/// <param name="Score">Similarity to the query in the collection's metric, see <see cref="SearchHit.Score"/>; 0 outside of queries.</param>
public sealed record StoredPoint(Guid Id, PointPayload Payload, ReadOnlyMemory<float> Vector, float Score = 0);

/// <summary>A nearest-neighbour query.</summary>
/// <param name="Vector">As long as the collection's dimensions.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record PointQuery(ReadOnlyMemory<float> Vector, int Limit)
{
    /// <summary>Payload fields (document id or metadata) that must equal the given values.</summary>
    public ImmutableDictionary<string, string> Filter { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Drops hits with a lower score; with a higher score where the score is a distance. Null keeps all.</summary>
    public float? ScoreThreshold { get; init; }
}

/// <summary>A search for words.</summary>
/// <param name="Text">The text whose terms are searched for, any of them; nothing in it is syntax.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record LexicalQuery(string Text, int Limit)
{
    /// <summary>Payload fields (document id or metadata) that must equal the given values.</summary>
    public ImmutableDictionary<string, string> Filter { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>The answer to a <see cref="LexicalQuery"/>.</summary>
/// <param name="Points">Points with at least one term, best first; their scores are those of BM25, above 0. Empty with a gap.</param>
public sealed record LexicalAnswer(IReadOnlyList<StoredPoint> Points)
{
    /// <summary>Why the store cannot answer; null when it did.</summary>
    public LexicalGap? Gap { get; init; }
}

/// <summary>Why a store cannot search for words.</summary>
/// <param name="Reason">A sentence.</param>
/// <param name="IsTemporary">Whether it will be able to later, without anyone's doing.</param>
public sealed record LexicalGap(string Reason, bool IsTemporary);

/// <summary>What the store acknowledged; the two counts add up to the points sent.</summary>
/// <param name="Written">Points stored durably.</param>
/// <param name="Superseded">Points not written because the stored one has a higher (generation, epoch).</param>
public readonly record struct UpsertOutcome(int Written, int Superseded);
