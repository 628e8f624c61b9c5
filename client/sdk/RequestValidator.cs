using Quiver.Client.Requests;

namespace Quiver.Client;

/// <summary>Checks that every client makes before it sends a request.</summary>
internal static class RequestValidator
{
    public const int MaxPage = PageSize.Max;
    public const int MaxQueryLength = SearchRequest.MaxQueryLength;
    public const int MaxFilters = SearchRequest.MaxFilters;
    public const int MaxTokenLength = JobSpec.MaxIdempotencyTokenLength;

    public static void RequireTenant(JobSpec spec, TenantId tenant)
    {
        if (spec.Tenant != tenant)
        {
            throw new InvalidRequestException(
                RequestErrorCodes.InvalidTenant,
                $"The job belongs to tenant '{spec.Tenant}', the client to tenant '{tenant}': use a client of the job's tenant.");
        }
    }

    public static void RequireToken(string? token)
    {
        if (token is not null && token.Length is 0 or > MaxTokenLength)
        {
            throw Invalid($"The idempotency token has {token!.Length} characters: use 1 to {MaxTokenLength}.");
        }
    }

    public static void RequireSequence(long afterSequence)
    {
        if (afterSequence < 0)
        {
            throw Invalid($"The event sequence number is {afterSequence}: use 0 or a positive number.");
        }
    }

    public static void RequirePage(int limit)
    {
        if (limit is < 1 or > MaxPage)
        {
            throw Invalid($"limit is {limit}: use 1 to {MaxPage}.");
        }
    }

    public static void RequireSearch(SearchRequest request)
    {
        RequirePage(request.Limit);
        if (string.IsNullOrWhiteSpace(request.Query) || request.Query.Length > MaxQueryLength)
        {
            throw Invalid($"query has {request.Query?.Length ?? 0} characters: use 1 to {MaxQueryLength}, not only white space.");
        }

        RequireFilter(request.Filter);
        if (request.ScoreThreshold is { } threshold && !float.IsFinite(threshold))
        {
            throw Invalid("scoreThreshold must be a finite number.");
        }

        if (request.LexicalWeight is not (null or (>= 0 and <= 1)))
        {
            throw Invalid("lexicalWeight must be a number from 0 to 1.");
        }
    }

    public static void RequireFacet(FacetRequest request)
    {
        RequirePage(request.Limit);
        if (string.IsNullOrWhiteSpace(request.Field))
        {
            throw Invalid("field is empty: name the field whose values to count, such as document_id.");
        }

        RequireFilter(request.Filter);
    }

    public static void RequireChunks(string document, int limit)
    {
        RequirePage(limit);
        if (string.IsNullOrEmpty(document))
        {
            throw Invalid("document is empty: name the document whose chunks to list.");
        }
    }

    public static void RequirePreview(ChunkPreviewRequest request)
    {
        RequirePage(request.Limit);
        if (request.Text.Length > ChunkPreviewRequest.MaxTextLength)
        {
            throw Invalid($"text has {request.Text.Length} characters: send at most {ChunkPreviewRequest.MaxTextLength}.");
        }
    }

    private static void RequireFilter(ImmutableDictionary<string, string> filter)
    {
        if (filter.Count > MaxFilters)
        {
            throw Invalid($"filter names {filter.Count} fields: use at most {MaxFilters}.");
        }

        if (filter.ContainsKey(""))
        {
            throw Invalid("filter has a value without a field name: name the field that must have the value.");
        }
    }

    private static InvalidRequestException Invalid(string message) => new(ErrorCodes.InvalidOption, message);
}
