using System.Globalization;
using Quiver.Core.Embedding;
using Quiver.Core.Lexical;
using Quiver.Core.Vectors;

namespace Quiver.Core.Search;

/// <summary>Searches a collection. Thread-safe.</summary>
public sealed class CollectionSearch(IEmbeddingModelCatalog models, IVectorStore store)
{
    /// <summary>Returns the chunks that fit a query best, best first.</summary>
    /// <exception cref="InvalidRequestException">
    /// The request is out of range; or, with <see cref="ErrorCodes.NotSupported"/>, the store cannot search for words and the mode is lexical.
    /// </exception>
    /// <exception cref="ConflictException">
    /// With <see cref="ErrorCodes.ModelMismatch"/>: no provider has the collection's model, and the mode is not lexical.
    /// </exception>
    /// <exception cref="TransientException">
    /// With <see cref="ErrorCodes.IndexIncomplete"/>: not all chunks can be found by their words yet, and the mode is lexical.
    /// </exception>
    public async Task<SearchResult> SearchAsync(CollectionBinding binding, SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(request);

        // A threshold alone is one of the collection's distance, which only the dense mode compares.
        var mode = request.Mode ?? (request.ScoreThreshold is null ? SearchMode.Hybrid : SearchMode.Dense);
        Validate(request);
        ValidateThreshold(binding, mode, request.ScoreThreshold);
        return mode switch
        {
            SearchMode.Dense => await SearchVectorsAsync(binding, request, cancellationToken),
            SearchMode.Lexical => await SearchWordsAsync(binding, request, cancellationToken),
            SearchMode.Hybrid => await SearchBothAsync(binding, request, cancellationToken),
            _ => throw Invalid($"There is no search mode {(int)mode}: choose hybrid, dense or lexical."),
        };
    }

    /// <summary>Refuses a threshold that no score of the mode can be compared with.</summary>
    internal static void ValidateThreshold(CollectionBinding binding, SearchMode mode, float? threshold)
    {
        var fault = mode switch
        {
            SearchMode.Hybrid when threshold is not (null or (>= 0 and <= 1)) => "a hybrid search has scores from 0 to 1: choose a threshold in that range",
            SearchMode.Lexical when threshold is { } given && !(given >= 0 && float.IsFinite(given)) => "a lexical search has scores above 0: choose 0 or more",
            SearchMode.Dense => FindDistanceFault(binding, threshold),
            _ => null,
        };
        if (fault is not null)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"The score threshold {threshold} is not usable, because {fault}."));
        }
    }

    private static string? FindDistanceFault(CollectionBinding binding, float? threshold)
    {
        var fault = (binding.Distance ?? VectorDistance.Cosine) switch
        {
            VectorDistance.Cosine when threshold is not (null or (>= -1 and <= 1)) => "measures by cosine similarity: choose a threshold from -1 to 1",
            VectorDistance.Euclid or VectorDistance.Manhattan when threshold is { } given && !(given >= 0 && float.IsFinite(given)) =>
                $"measures by {binding.Distance} distance, where the threshold is the largest distance of a hit: choose 0 or more",
            VectorDistance.Dot when threshold is { } given && !float.IsFinite(given) => "measures by dot product: choose a finite threshold",
            _ => null,
        };
        return fault is null ? null : $"collection {binding.Key.Collection} {fault}";
    }

    private static void Validate(SearchRequest request)
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

        if (request.LexicalWeight is not (null or (>= 0 and <= 1)))
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"The lexical weight of a search is 0 to 1, not {request.LexicalWeight}."));
        }
    }

    private static InvalidRequestException Invalid(string message) => new(ErrorCodes.InvalidOption, message);

    private async Task<SearchResult> SearchVectorsAsync(CollectionBinding binding, SearchRequest request, CancellationToken cancellationToken)
    {
        var query = new PointQuery(ReadOnlyMemory<float>.Empty, request.Limit) { Filter = request.Filter, ScoreThreshold = request.ScoreThreshold };
        var model = FindModel(binding);
        var (text, notes) = Read(request.Query, model);
        return new() { Mode = SearchMode.Dense, Hits = DenseHits(await FindNearestAsync(binding, model, text, query, cancellationToken)), Notes = notes };
    }

    private async Task<SearchResult> SearchWordsAsync(CollectionBinding binding, SearchRequest request, CancellationToken cancellationToken)
    {
        var answer = await FindWordsAsync(binding, request, request.Limit, cancellationToken);
        if (answer.Gap is { } gap)
        {
            throw gap.IsTemporary
                ? new TransientException(ErrorCodes.IndexIncomplete, $"{gap.Reason} Try again later, or search with the mode dense.")
                : new InvalidRequestException(ErrorCodes.NotSupported, $"{gap.Reason} Search with the mode dense.");
        }

        var highlighter = new Highlighter(request.Query);
        return new()
        {
            Mode = SearchMode.Lexical,
            Hits =
            [
                .. answer.Points
                    .Where(point => request.ScoreThreshold is null || point.Score >= request.ScoreThreshold)
                    .Select((point, i) => CreateHit(point, point.Score) with { Lexical = new(i + 1, point.Score), Highlights = highlighter.Find(point) }),
            ],
        };
    }

    private async Task<SearchResult> SearchBothAsync(CollectionBinding binding, SearchRequest request, CancellationToken cancellationToken)
    {
        var model = FindModel(binding);
        var (text, notes) = Read(request.Query, model);
        var depth = ScoreFusion.Depth(request.Limit);

        // The words are searched for while the model computes the vector.
        var words = FindWordsAsync(binding, request, depth, cancellationToken);
        var vectors = FindNearestAsync(binding, model, text, new(ReadOnlyMemory<float>.Empty, depth) { Filter = request.Filter }, cancellationToken);
        await Task.WhenAll(words, vectors);
        var (dense, lexical) = (await vectors, await words);
        if (lexical.Gap is { } gap)
        {
            return request.ScoreThreshold is null
                ? new() { Mode = SearchMode.Dense, Hits = DenseHits(dense.Take(request.Limit)), Notes = [.. notes, new(SearchNoteCodes.VectorsOnly, $"Searched by vectors only: {gap.Reason}")] }
                : throw new InvalidRequestException(ErrorCodes.NotSupported, $"{gap.Reason} A threshold of the mode hybrid needs both: search with the mode dense.");
        }

        var points = dense.Concat(lexical.Points).DistinctBy(static point => point.Id).ToDictionary(static point => point.Id);
        var highlighter = new Highlighter(request.Query);
        return new()
        {
            Mode = SearchMode.Hybrid,
            Notes = notes,
            Hits =
            [
                .. ScoreFusion.Fuse(Candidates(dense), Candidates(lexical.Points), depth, request.LexicalWeight ?? SearchRequest.DefaultLexicalWeight)
                    .Take(request.Limit)
                    .Where(candidate => request.ScoreThreshold is null || candidate.Score >= request.ScoreThreshold)
                    .Select(candidate => CreateHit(points[candidate.Id], candidate.Score) with
                    {
                        Dense = candidate.Dense,
                        Lexical = candidate.Lexical,
                        Highlights = highlighter.Find(points[candidate.Id]),
                    }),
            ],
        };
    }

    private static List<Candidate> Candidates(IReadOnlyList<StoredPoint> points) => [.. points.Select(static point => new Candidate(point.Id, point.Score))];

    private static ImmutableArray<SearchHit> DenseHits(IEnumerable<StoredPoint> points) =>
        [.. points.Select(static (point, i) => CreateHit(point, point.Score) with { Dense = new(i + 1, point.Score) })];

    private static SearchHit CreateHit(StoredPoint point, float score) => new()
    {
        Id = point.Id,
        Score = score,
        DocumentId = point.Payload.DocumentId,
        Chunk = point.Payload.Chunk,
        Text = point.Payload.Text,
        StartLine = point.Payload.StartLine,
        EndLine = point.Payload.EndLine,
        Title = point.Payload.Title,
        Headings = point.Payload.Headings,
        Metadata = point.Payload.Metadata,
    };

    private IEmbeddingModel FindModel(CollectionBinding binding) => models.FindModel(binding.Model) ?? throw new ConflictException(
        ErrorCodes.ModelMismatch,
        $"Collection {binding.Key.Collection} was built with the model {binding.Model}, which this Quiver does not have: ingest the source into a new collection and delete this one with 'quiver collections delete {binding.Key.Collection}' (DELETE /v1/collections/{binding.Key.Collection}), or configure a provider that has the model.");

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

    private async Task<IReadOnlyList<StoredPoint>> FindNearestAsync(
        CollectionBinding binding, IEmbeddingModel model, string text, PointQuery query, CancellationToken cancellationToken)
    {
        var embeddings = await model.Generator.GenerateAsync([text], new EmbeddingCallContext(binding.Key.Tenant) { IsQuery = true }.ToOptions(), cancellationToken);
        EmbeddingValidator.Validate(embeddings, 1, model.Info);
        return await store.QueryAsync(binding.PointScope, query with { Vector = embeddings[0].Vector }, cancellationToken);
    }

    private Task<LexicalAnswer> FindWordsAsync(CollectionBinding binding, SearchRequest request, int limit, CancellationToken cancellationToken) =>
        store.QueryLexicalAsync(binding.PointScope, new(request.Query, limit) { Filter = request.Filter }, cancellationToken);

    /// <summary>Finds the words of a query in chunks.</summary>
    private sealed class Highlighter(string query)
    {
        private const int MaxHighlights = 64;

        private readonly HashSet<string> _terms = LexicalTerms.OfQuery(query).ToHashSet(StringComparer.Ordinal);

        public ImmutableArray<TextRange> Find(StoredPoint point) => LexicalTerms.FindIn(point.Payload.Text, _terms, MaxHighlights);
    }
}
