using System.Globalization;
using Quiver.Core.Embedding;
using Quiver.Core.Vectors;

namespace Quiver.Core.Search;

/// <summary>Searches a collection. Thread-safe.</summary>
public sealed class CollectionSearch(IEmbeddingModelCatalog models, IVectorStore store)
{
    /// <summary>Returns the nearest chunks, best first.</summary>
    /// <exception cref="InvalidRequestException">The request is out of range.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.ModelMismatch"/>: no provider has the collection's model.</exception>
    public async Task<SearchResult> SearchAsync(CollectionBinding binding, SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(request);
        var model = models.FindModel(binding.Model) ?? throw new ConflictException(
            ErrorCodes.ModelMismatch,
            $"Collection {binding.Key.Collection} was built with the model {binding.Model}, which this Quiver does not have: ingest the source into a new collection and delete this one with 'quiver collections delete {binding.Key.Collection}' (DELETE /v1/collections/{binding.Key.Collection}), or configure a provider that has the model.");
        Validate(binding, request);
        var (text, notes) = Read(request.Query, model);
        var embeddings = await model.Generator.GenerateAsync([text], new EmbeddingCallContext(binding.Key.Tenant) { IsQuery = true }.ToOptions(), cancellationToken);
        EmbeddingValidator.Validate(embeddings, 1, model.Info);
        var query = new PointQuery(embeddings[0].Vector, request.Limit) { Filter = request.Filter, ScoreThreshold = request.ScoreThreshold };
        var points = await store.QueryAsync(binding.PointScope, query, cancellationToken);
        return new() { Hits = [.. points.Select(CreateHit)], Notes = notes };
    }

    /// <summary>The part of a query that the model takes, with notes about what it does not.</summary>
    private static (string Text, ImmutableArray<SearchNote> Notes) Read(string query, IEmbeddingModel model)
    {
        List<SearchNote> notes = [];
        var tokens = model.Tokenizer.CountTokens(query);
        if (tokens > model.Info.MaxTokens)
        {
            query = query[..model.Tokenizer.IndexOfTokenLimit(query, model.Info.MaxTokens, out var taken)];
            notes.Add(new(SearchNoteCodes.QueryTruncated, string.Create(
                CultureInfo.InvariantCulture, $"The query has {tokens} tokens and the model takes {model.Info.MaxTokens}: its first {taken} were searched for.")));
        }

        if (UnknownText.IsOne(model.Tokenizer, query))
        {
            notes.Add(new(
                SearchNoteCodes.QueryUnknown,
                $"The model {model.Info.Name} does not know most of the query, such as a script that it was not made for: its hits are found by chance."));
        }

        return (query, [.. notes]);
    }

    /// <summary>Refuses a threshold that no score of the collection can be compared with.</summary>
    internal static void ValidateThreshold(CollectionBinding binding, float? threshold)
    {
        var fault = (binding.Distance ?? VectorDistance.Cosine) switch
        {
            VectorDistance.Cosine when threshold is not (null or (>= -1 and <= 1)) => "measures by cosine similarity: choose a threshold from -1 to 1",
            VectorDistance.Euclid or VectorDistance.Manhattan when threshold is { } given && !(given >= 0 && float.IsFinite(given)) =>
                $"measures by {binding.Distance} distance, where the threshold is the largest distance of a hit: choose 0 or more",
            VectorDistance.Dot when threshold is { } given && !float.IsFinite(given) => "measures by dot product: choose a finite threshold",
            _ => null,
        };
        if (fault is not null)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"The score threshold {threshold} is not usable, because collection {binding.Key.Collection} {fault}."));
        }
    }

    private static void Validate(CollectionBinding binding, SearchRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Query) || request.Query.Length > SearchRequest.MaxQueryLength)
        {
            throw Invalid($"A query has 1 to {SearchRequest.MaxQueryLength} characters, not all white space.");
        }

        if (request.Limit is < 1 or > SearchRequest.MaxLimit)
        {
            throw Invalid($"The limit of a search is 1 to {SearchRequest.MaxLimit}, not {request.Limit}.");
        }

        if (request.Filter.Count > SearchRequest.MaxFilters)
        {
            throw Invalid($"A search has at most {SearchRequest.MaxFilters} filters, not {request.Filter.Count}: leave some out.");
        }

        ValidateThreshold(binding, request.ScoreThreshold);
    }

    private static InvalidRequestException Invalid(string message) => new(ErrorCodes.InvalidOption, message);

    private static SearchHit CreateHit(StoredPoint point) => new()
    {
        Id = point.Id,
        Score = point.Score,
        DocumentId = point.Payload.DocumentId,
        Chunk = point.Payload.Chunk,
        Text = point.Payload.Text,
        StartLine = point.Payload.StartLine,
        EndLine = point.Payload.EndLine,
        Title = point.Payload.Title,
        Headings = point.Payload.Headings,
        Metadata = point.Payload.Metadata,
    };
}
