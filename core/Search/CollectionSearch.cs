
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;
using Quiver.Core.Vectors;

namespace Quiver.Core.Search;

/// <summary>Answers questions to a collection. Thread-safe.</summary>
public sealed class CollectionSearch(IEmbeddingModelCatalog models, IVectorStore store)
{
    private const int MaxQueryLength = 8192;
    private const int MaxLimit = 1000;
    private const int MaxFilters = 16;

    /// <summary>The nearest chunks, best first.</summary>
    /// <exception cref="InvalidRequestException">The question is out of range.</exception>
    /// <exception cref="ConflictException">The collection was built with another model.</exception>
    public async Task<ImmutableArray<SearchHit>> SearchAsync(CollectionBinding binding, SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(request);
        var model = Validate(binding, request);
        var embeddings = await model.Generator.GenerateAsync([request.Query], EmbeddingRequestNotes.ForQuery(binding.Key.Tenant), cancellationToken);
        EmbeddingValidator.Validate(embeddings, 1, model.Info);
        var query = new PointQuery(embeddings[0].Vector, request.Limit) { Filter = request.Filter, ScoreThreshold = request.ScoreThreshold };
        var points = await store.QueryAsync(binding.PhysicalCollection, binding.Key, query, cancellationToken);
        return [.. points.Select(CreateHit)];
    }

    private static SearchHit CreateHit(StoredPoint point) => new()
    {
        Id = point.Id,
        Score = point.Score,
        DocumentId = point.Payload.DocumentId,
        Chunk = point.Payload.Chunk,
        Text = point.Payload.Text,
        StartLine = point.Payload.StartLine,
        EndLine = point.Payload.EndLine,
        Metadata = point.Payload.Metadata,
    };

    private IEmbeddingModel Validate(CollectionBinding binding, SearchRequest request)
    {
        var model = models.FindModel(binding.Model) ?? throw new ConflictException(
            ErrorCodes.ModelMismatch,
            $"Collection {binding.Key.Collection} was built with the model {binding.Model}, which this Quiver does not have: ingest the source into a new collection and delete this one with 'quiver collections delete {binding.Key.Collection}', or configure a provider that has the model.");
        if (string.IsNullOrWhiteSpace(request.Query) || request.Query.Length > MaxQueryLength)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A query has 1 to {MaxQueryLength} characters, not all white space.");
        }

        if (request.Limit is < 1 or > MaxLimit)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"The limit of a search is 1 to {MaxLimit}, not {request.Limit}.");
        }

        if (request.Filter.Count > MaxFilters)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A search has at most {MaxFilters} filters, not {request.Filter.Count}.");
        }

        ScoreRules.RequireThreshold(binding, request.ScoreThreshold);
        var tokens = model.Tokenizer.CountTokens(request.Query);
        if (tokens > model.Info.MaxTokens)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"The query has {tokens} tokens and the model takes {model.Info.MaxTokens}: shorten it.");
        }

        return model;
    }
}
