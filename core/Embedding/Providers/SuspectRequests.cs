namespace Quiver.Core.Embedding.Providers;

/// <summary>Counts how often in a row a request, identified by its texts, failed in the same way. Bounded. Thread-safe.</summary>
internal sealed class SuspectRequests
{
    private const int MaxRequests = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Failure, int Count, bool IsIsolated)> _requests = new(StringComparer.Ordinal);
    private volatile bool _isEmpty = true;

    /// <summary>Whether no request is suspected; then no request has to be identified.</summary>
    public bool IsEmpty => _isEmpty;

    /// <summary>
    /// Whether a failure can be due to a text: the provider itself failed with status 500, or its answer is unusable. Every other failure, such as
    /// 502 or 503, no connection, or a page of something in between, tells of a service that is down or overloaded.
    /// </summary>
    public static bool CanBeDueToText(QuiverException failure) =>
        failure is { Kind: FaultKind.Transient, RetryAfter: null }
        && (failure.Code == ErrorCodes.InvalidEmbedding || failure.InnerException is ServerErrorException);

    /// <summary>Whether two failures are equal, apart from numbers and identifiers in their messages.</summary>
    public static bool AreEqual(QuiverException one, QuiverException other) => Describe(one) == Describe(other);

    /// <summary>Counts a failure.</summary>
    /// <param name="request">The request.</param>
    /// <param name="failure">How it failed.</param>
    /// <returns>How often in a row it has failed like this.</returns>
    public int Failed(string request, QuiverException failure)
    {
        var failed = Describe(failure);
        lock (_lock)
        {
            var known = _requests.GetValueOrDefault(request);
            if (_requests.Count >= MaxRequests && known.Failure is null)
            {
                // Suspicions that are lost cost a few more answers.
                _requests.Clear();
            }

            var count = known.Failure == failed ? known.Count + 1 : 1;
            _requests[request] = (failed, count, known.IsIsolated);
            _isEmpty = false;
            return count;
        }
    }

    /// <summary>Notes that the cause is one of the request's texts.</summary>
    public void Isolate(string request)
    {
        lock (_lock)
        {
            if (_requests.TryGetValue(request, out var known))
            {
                _requests[request] = known with { IsIsolated = true };
            }
        }
    }

    /// <summary>Whether the cause of a request's failures is one of its texts.</summary>
    public bool IsIsolated(string request)
    {
        lock (_lock)
        {
            return _requests.TryGetValue(request, out var known) && known.IsIsolated;
        }
    }

    /// <summary>The provider answered the request.</summary>
    public void Answered(string request)
    {
        lock (_lock)
        {
            _requests.Remove(request);
            _isEmpty = _requests.Count == 0;
        }
    }

    private static string Describe(QuiverException failure) =>
        $"{failure.Code} {string.Concat(failure.Message.Where(static character => !char.IsAsciiHexDigit(character)))}";
}
