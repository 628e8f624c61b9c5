namespace Quiver.Core.Embedding;

/// <summary>The different texts of a call, in order of first appearance.</summary>
internal sealed class DistinctTexts
{
    private readonly List<string> _texts = [];
    private readonly List<int> _places = [];

    public DistinctTexts(IEnumerable<string> values)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in values)
        {
            if (!known.TryGetValue(text, out var place))
            {
                known.Add(text, place = _texts.Count);
                _texts.Add(text);
            }

            _places.Add(place);
        }

        Hashes = [.. _texts.Select(TextHash.Compute)];
    }

    /// <summary>Each text once.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>The hash of each of <see cref="Texts"/>.</summary>
    public IReadOnlyList<byte[]> Hashes { get; }

    /// <summary>For each text of the call its index in <see cref="Texts"/>.</summary>
    public IReadOnlyList<int> Places => _places;
}
