namespace Quiver.Core.Vectors;

/// <summary>What every store asks of a count by values, and the order of its answer.</summary>
internal static class FacetRules
{
    /// <summary>The most values of an answer.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Refuses what no store counts.</summary>
    /// <exception cref="InvalidRequestException">
    /// With <see cref="ErrorCodes.InvalidOption"/>: the limit is out of range, or there is no field. With <see cref="ErrorCodes.NotSupported"/>:
    /// the field is Quiver's own and not one to count by.
    /// </exception>
    public static void RequireCountable(FacetRequest request)
    {
        if (request.Limit is < 1 or > MaxLimit)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A limit is from 1 to {MaxLimit}, not {request.Limit}: choose one in that range.");
        }

        if (string.IsNullOrWhiteSpace(request.Field))
        {
            throw new InvalidRequestException(
                ErrorCodes.InvalidOption, $"Name the field whose values are to be counted: {PayloadFields.DocumentId}, {PayloadFields.Generation}, or a field of the documents' metadata.");
        }

        if (PayloadFields.Reserved.Contains(request.Field) && request.Field is not (PayloadFields.DocumentId or PayloadFields.Generation))
        {
            throw new InvalidRequestException(
                ErrorCodes.NotSupported,
                $"Points cannot be counted by {request.Field}: name {PayloadFields.DocumentId}, {PayloadFields.Generation}, or a field of the documents' metadata.");
        }
    }

    /// <summary>Most points first, then by value.</summary>
    public static IReadOnlyList<FacetValue> Order(IEnumerable<FacetValue> values) =>
        [.. values.OrderByDescending(static value => value.Points).ThenBy(static value => value.Value, StringComparer.Ordinal)];
}
