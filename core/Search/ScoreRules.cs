using System.Globalization;

namespace Quiver.Core.Search;

/// <summary>What a score can be in a collection.</summary>
internal static class ScoreRules
{
    /// <summary>Refuses a threshold that no score of the collection can be compared with in earnest.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="threshold">Where hits end; null for nowhere.</param>
    /// <exception cref="InvalidRequestException">It is out of range.</exception>
    public static void RequireThreshold(CollectionBinding binding, float? threshold)
    {
        if (threshold is not { } given)
        {
            return;
        }

        var fault = (binding.Distance ?? VectorDistance.Cosine) switch
        {
            VectorDistance.Cosine when given is not (>= -1 and <= 1) => "measures by cosine similarity: choose a threshold from -1 to 1",
            VectorDistance.Euclid or VectorDistance.Manhattan when !(given >= 0 && float.IsFinite(given)) =>
                $"measures by {binding.Distance} distance, where the threshold is the largest distance of a hit: choose 0 or more",
            VectorDistance.Dot when !float.IsFinite(given) => "measures by dot product: choose a finite threshold",
            _ => null,
        };
        if (fault is not null)
        {
            throw new InvalidRequestException(
                ErrorCodes.InvalidOption, string.Create(CultureInfo.InvariantCulture, $"The score threshold {given} is of no use, because collection {binding.Key.Collection} {fault}."));
        }
    }
}
