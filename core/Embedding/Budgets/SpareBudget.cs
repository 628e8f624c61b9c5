namespace Quiver.Core.Embedding.Budgets;

/// <summary>A slice leased ahead, used up by whoever comes while it lasts. Not thread-safe.</summary>
internal sealed class SpareBudget(TimeProvider time)
{
    private int _requests;
    private int _tokens;
    private DateTimeOffset _until;

    /// <summary>Replaces what is left.</summary>
    public void Fill(int requests, int tokens, TimeSpan life) => (_requests, _tokens, _until) = (requests, tokens, time.GetUtcNow() + life);

    /// <summary>Takes a request's part when it is there.</summary>
    public bool TryTake(int tokens)
    {
        if (_requests < 1 || _tokens < tokens || time.GetUtcNow() >= _until)
        {
            return false;
        }

        _requests--;
        _tokens -= tokens;
        return true;
    }
}
