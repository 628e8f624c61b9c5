using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Requests;

/// <summary>The query parameters of an endpoint. Others are refused, as unknown members of a body are: a misspelled filter must not widen a result.</summary>
internal sealed class QueryParameters
{
    private const int MaxFaults = 10;
    private readonly FrozenSet<string> _names;
    private readonly string _known;

    /// <summary>Collects the handler's texts that come neither from the route nor from a header.</summary>
    /// <param name="handler">The endpoint's handler; null for one without parameters.</param>
    /// <param name="route">The names in its route.</param>
    public QueryParameters(MethodInfo? handler, IEnumerable<string> route)
    {
        var others = route.ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] names =
        [
            .. (handler?.GetParameters() ?? [])
                .Where(static parameter => parameter.ParameterType == typeof(string) && !parameter.GetCustomAttributes().OfType<IFromHeaderMetadata>().Any())
                .Select(static parameter => parameter.Name!)
                .Where(name => !others.Contains(name)),
        ];
        _names = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _known = names.Length == 0 ? "this endpoint takes none" : $"known are {string.Join(", ", names)}";
    }

    /// <summary>Refuses unknown and repeated parameters.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="RequestErrorCodes.InvalidRequest"/>; names each.</exception>
    public void Validate(IQueryCollection query)
    {
        var faults = query
            .Select(parameter => !_names.Contains(parameter.Key) ? $"The query parameter '{parameter.Key}' is unknown; {_known}."
                : parameter.Value.Count > 1 ? $"The query parameter '{parameter.Key}' is given {parameter.Value.Count} times; give it once."
                : null)
            .OfType<string>()
            .Take(MaxFaults)
            .ToList();
        if (faults.Count > 0)
        {
            throw new InvalidRequestException(RequestErrorCodes.InvalidRequest, string.Join(' ', faults));
        }
    }
}

/// <summary>Refuses requests with query parameters that their endpoint does not have.</summary>
internal sealed class QueryParametersMiddleware(RequestDelegate next)
{
    /// <summary>Called by the framework for each request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.QueryString.HasValue)
        {
            context.GetEndpoint()?.Metadata.GetMetadata<QueryParameters>()?.Validate(context.Request.Query);
        }

        return next(context);
    }
}
