using Quiver.Client.Requests;

namespace Quiver.Client;

/// <summary>What every implementation refuses before it asks anybody.</summary>
internal static class ClientRules
{
    private const int MaxPage = 1000;
    private const int MaxQueryLength = 8192;
    private const int MaxFilters = 16;
    private const int MaxTokenLength = 128;

    public static void RequireTenant(JobSpec spec, TenantId tenant)
    {
        if (spec.Tenant != tenant)
        {
            throw new InvalidRequestException(
                RequestErrorCodes.InvalidTenant, $"The job is of tenant '{spec.Tenant}', the client of tenant '{tenant}': use that tenant's client.");
        }
    }

    public static void RequireToken(string? token)
    {
        if (token is not null && token.Length is 0 or > MaxTokenLength)
        {
            throw Invalid($"An idempotency token has 1 to {MaxTokenLength} characters, this one {token!.Length}.");
        }
    }

    public static void RequireSequence(long afterSequence)
    {
        if (afterSequence < 0)
        {
            throw Invalid($"Events are watched after sequence number 0 or a later one, not after {afterSequence}.");
        }
    }

    public static void RequirePage(int limit)
    {
        if (limit is < 1 or > MaxPage)
        {
            throw Invalid($"limit is {limit}: ask for 1 to {MaxPage}.");
        }
    }

    public static void RequireSearch(SearchRequest request)
    {
        RequirePage(request.Limit);
        if (string.IsNullOrWhiteSpace(request.Query) || request.Query.Length > MaxQueryLength)
        {
            throw Invalid($"query has {request.Query?.Length ?? 0} characters: write 1 to {MaxQueryLength}, not only spaces.");
        }

        RequireFilter(request.Filter);
        if (request.ScoreThreshold is { } threshold && !float.IsFinite(threshold))
        {
            throw Invalid("scoreThreshold must be a finite number.");
        }
    }

    public static void RequireFacet(FacetRequest request)
    {
        RequirePage(request.Limit);
        if (string.IsNullOrWhiteSpace(request.Field))
        {
            throw Invalid("field is empty: name the field whose values are to be counted, such as document_id.");
        }

        RequireFilter(request.Filter);
    }

    private static void RequireFilter(ImmutableDictionary<string, string> filter)
    {
        if (filter.Count > MaxFilters)
        {
            throw Invalid($"filter names {filter.Count} fields: name at most {MaxFilters}.");
        }

        if (filter.ContainsKey(""))
        {
            throw Invalid("filter has a value without the name of its field: name the field that must have the value.");
        }
    }

    private static InvalidRequestException Invalid(string message) => new(ErrorCodes.InvalidOption, message);
}
