namespace Quiver.Core.Embedding.Providers;

/// <summary>Cuts a call into requests, in the texts' order, so that the same texts make the same requests again after a failure.</summary>
internal static class RequestPlanner
{
    /// <summary>The requests, each with the places of its texts. Texts above the limit of one text are in none.</summary>
    /// <param name="tokens">Tokens of each text.</param>
    /// <param name="limits">What a request may hold.</param>
    public static IReadOnlyList<ImmutableArray<int>> Plan(IReadOnlyList<int> tokens, ProviderLimits limits)
    {
        var requests = new List<ImmutableArray<int>>();
        var request = ImmutableArray.CreateBuilder<int>();
        var sum = 0L;
        for (var place = 0; place < tokens.Count; place++)
        {
            if (tokens[place] > limits.MaxTokensPerInput)
            {
                continue;
            }

            if (request.Count > 0 && (request.Count == limits.MaxInputs || sum + tokens[place] > limits.RequestTokens))
            {
                requests.Add(request.ToImmutable());
                request.Clear();
                sum = 0;
            }

            request.Add(place);
            sum += tokens[place];
        }

        if (request.Count > 0)
        {
            requests.Add(request.ToImmutable());
        }

        return requests;
    }
}
