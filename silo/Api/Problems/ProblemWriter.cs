using System.Globalization;
using System.Text.Json;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Problems;

/// <summary>Writes problem details as a response.</summary>
internal static class ProblemWriter
{
    /// <summary>Replaces what was prepared of the response; it must not have started.</summary>
    /// <param name="context">The request.</param>
    /// <param name="problem">What to say.</param>
    /// <param name="retryAfter">How long to wait, in the header Retry-After, rounded up to seconds.</param>
    public static async Task WriteAsync(HttpContext context, Problem problem, TimeSpan? retryAfter = null)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = Problem.ContentType;
        response.Headers.CacheControl = "no-store";
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(Math.Max(0, wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(problem, QuiverJsonContext.Shared.Problem);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
