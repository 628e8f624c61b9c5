using System.Buffers;

namespace Quiver.Core.Vectors;

/// <summary>The limits and preconditions of <see cref="IVectorStore"/>, checked the same way by every store.</summary>
internal static class VectorStoreValidator
{
    /// <summary>The most dimensions of a vector.</summary>
    public const int MaxDimensions = 65_536;

    /// <summary>The most points of an upsert.</summary>
    public const int MaxPoints = 256;

    /// <summary>The most ids of a request, and the largest page.</summary>
    public const int MaxLimit = 1000;

    private const int MaxNameLength = 128;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Rejects an invalid name of a physical collection; names become parts of paths and addresses.</summary>
    /// <exception cref="ArgumentException">The name is invalid.</exception>
    public static void CheckName(string name)
    {
        if (name is not { Length: > 0 and <= MaxNameLength } || name.AsSpan().ContainsAnyExcept(NameCharacters) || !name.AsSpan().ContainsAnyExcept('.'))
        {
            throw new ArgumentException(
                $"'{name}' is not the name of a physical collection: use 1 to {MaxNameLength} letters, digits, '.', '_' or '-'.", nameof(name));
        }
    }

    /// <summary>Rejects a number of dimensions that no collection can have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1 or above <see cref="MaxDimensions"/>.</exception>
    public static void CheckDimensions(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MaxDimensions);
    }

    /// <summary>Rejects too many points of an upsert.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are more than <see cref="MaxPoints"/>.</exception>
    public static void CheckPoints(IReadOnlyList<VectorPoint> points) => ArgumentOutOfRangeException.ThrowIfGreaterThan(points.Count, MaxPoints);

    /// <summary>Rejects too many ids.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are more than <see cref="MaxLimit"/>.</exception>
    public static void CheckIds(IReadOnlyList<Guid> ids) => ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxLimit);

    /// <summary>Rejects a page size out of range.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>.</exception>
    public static void CheckLimit(int limit)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A limit is from 1 to {MaxLimit}, not {limit}: choose one in that range.");
        }
    }

    /// <summary>Rejects a point of another scope.</summary>
    /// <exception cref="ArgumentException">The point belongs to another tenant or collection.</exception>
    public static void CheckScope(VectorPoint point, PointScope scope)
    {
        if (point.Payload.Scope != scope.Collection)
        {
            throw new ArgumentException($"Point {point.Id} belongs to {point.Payload.Scope}, not to {scope.Collection}.", nameof(point));
        }
    }

    /// <summary>Rejects a vector of other dimensions, one that is not finite, and one of zeros.</summary>
    /// <returns>The sum of its squares; finite and more than 0.</returns>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.DimensionMismatch"/> or <see cref="ErrorCodes.InvalidEmbedding"/>.</exception>
    public static double CheckVector(ReadOnlySpan<float> vector, int dimensions)
    {
        if (vector.Length != dimensions)
        {
            throw new PermanentException(
                ErrorCodes.DimensionMismatch,
                $"The vector has {vector.Length} dimensions, its collection {dimensions}: use the model that the collection was built with.");
        }

        var squares = 0.0;
        foreach (var value in vector)
        {
            squares += (double)value * value;
        }

        return double.IsFinite(squares) && squares > 0
            ? squares
            : throw new PermanentException(
                ErrorCodes.InvalidEmbedding,
                squares == 0 ? "The model returned a vector of zeros: check the model." : "The model returned a vector that is not finite: check the model.");
    }

    /// <summary>Rejects a facet request that no store can answer.</summary>
    /// <exception cref="InvalidRequestException">
    /// With <see cref="ErrorCodes.InvalidOption"/>: the limit is out of range, or there is no field. With <see cref="ErrorCodes.NotSupported"/>:
    /// points cannot be counted by this reserved field.
    /// </exception>
    public static void CheckFacet(FacetRequest request)
    {
        CheckLimit(request.Limit);
        if (string.IsNullOrWhiteSpace(request.Field))
        {
            throw new InvalidRequestException(
                ErrorCodes.InvalidOption,
                $"The field to count by is missing: name {PayloadFields.DocumentId}, {PayloadFields.Title}, {PayloadFields.Generation}, or a field of the documents' metadata.");
        }

        if (PayloadFields.Reserved.Contains(request.Field) && request.Field is not (PayloadFields.DocumentId or PayloadFields.Title or PayloadFields.Generation))
        {
            throw new InvalidRequestException(
                ErrorCodes.NotSupported,
                $"Points cannot be counted by {request.Field}: "
                + $"name {PayloadFields.DocumentId}, {PayloadFields.Title}, {PayloadFields.Generation}, or a field of the documents' metadata.");
        }
    }

    /// <summary>The order of a facet answer: most points first, then by value.</summary>
    public static IReadOnlyList<FacetValue> Order(IEnumerable<FacetValue> values) =>
        [.. values.OrderByDescending(static value => value.Points).ThenBy(static value => value.Value, StringComparer.Ordinal)];
}
