namespace Quiver.Tests.Support;

/// <summary>
/// Chance that leaves nothing out: cards in random order, shuffled again when all are drawn, so that every card comes early and again.
/// Thread-safe.
/// </summary>
internal sealed class Deck<T>(Random random, IEnumerable<T> cards)
    where T : struct, Enum
{
    private readonly Lock _lock = new();
    private readonly ImmutableArray<T> _cards = [.. cards];
    private readonly Dictionary<T, int> _drawn = [];
    private List<T> _rest = [];

    /// <summary>How often each card was drawn.</summary>
    public IReadOnlyDictionary<T, int> Drawn
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<T, int>(_drawn);
            }
        }
    }

    /// <summary>Takes the next card that fits; those before it wait for their turn.</summary>
    /// <returns>The card; the default one when none fits.</returns>
    public T Draw(Func<T, bool> fits)
    {
        lock (_lock)
        {
            if (_rest.Count == 0)
            {
                _rest = [.. Shuffled()];
            }

            var at = _rest.FindIndex(card => fits(card));
            if (at < 0)
            {
                return default;
            }

            var card = _rest[at];
            _rest.RemoveAt(at);
            _drawn[card] = _drawn.GetValueOrDefault(card) + 1;
            return card;
        }
    }

    /// <summary>Puts a card on top, once.</summary>
    public void Add(T card)
    {
        lock (_lock)
        {
            _rest.Insert(0, card);
        }
    }

    private T[] Shuffled()
    {
        var cards = _cards.ToArray();
        random.Shuffle(cards);
        return cards;
    }
}
