using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding.Providers;

/// <summary>Puts the answers of a call's requests back into the call's order, and adds up their tokens. Thread-safe as far as places differ.</summary>
internal sealed class RequestAnswers(int texts)
{
    private readonly Embedding<float>?[] _places = new Embedding<float>?[texts];
    private long _tokens;

    /// <summary>A request was answered.</summary>
    public void Answered(ImmutableArray<int> request, GeneratedEmbeddings<Embedding<float>> embeddings, long tokens)
    {
        for (var i = 0; i < request.Length; i++)
        {
            _places[request[i]] = embeddings[i];
        }

        Interlocked.Add(ref _tokens, tokens);
    }

    /// <summary>A text has no vector.</summary>
    public void Refuse(int place, QuiverException reason) => _places[place] = EmbeddingRefusal.Create(reason);

    /// <summary>The call's answer; every place must have its own.</summary>
    public GeneratedEmbeddings<Embedding<float>> ToEmbeddings() => new(_places.Select(place => place!))
    {
        Usage = new UsageDetails { InputTokenCount = _tokens, TotalTokenCount = _tokens },
    };
}
