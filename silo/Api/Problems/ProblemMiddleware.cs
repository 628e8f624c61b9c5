using System.Globalization;
using System.Text.Json;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Problems;

/// <summary>Ends every failed request with problem details.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    // The header Retry-After when the error has none.
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Called by the framework for each request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
            {
                await ProblemWriter.WriteAsync(context, ApiExceptionConverter.FromStatus(context.Response.StatusCode, context));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            LogAborted(logger, context.Request.Method, context.Request.Path);
        }
        catch (Exception exception)
        {
            await AnswerAsync(context, exception);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception exception)
    {
        var problem = ApiExceptionConverter.Convert(exception, context);
        if (problem.Status >= 500)
        {
            LogFailed(logger, exception, context.Request.Method, context.Request.Path, problem.Status, problem.Code);
        }
        else
        {
            LogRefused(logger, context.Request.Method, context.Request.Path, problem.Status, problem.Code, problem.Detail);
        }

        if (context.Response.HasStarted)
        {
            // Aborting is an error for the reader. A response that just ended would look complete.
            context.Abort();
            return;
        }

        TimeSpan? wait = problem.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable
            ? (exception as QuiverException)?.RetryAfter ?? DefaultRetryAfter
            : null;
        await ProblemWriter.WriteAsync(context, problem, wait);
    }

    [LoggerMessage(4001, LogLevel.Debug, "The caller aborted {Method} {Path}")]
    private static partial void LogAborted(ILogger logger, string method, PathString path);

    [LoggerMessage(4002, LogLevel.Information, "{Method} {Path} refused with {Status} {Code}: {Detail}")]
    private static partial void LogRefused(ILogger logger, string method, PathString path, int status, string code, string? detail);

    [LoggerMessage(4003, LogLevel.Error, "{Method} {Path} failed with {Status} {Code}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, PathString path, int status, string code);
}

/// <summary>Writes problem details as a response.</summary>
internal static class ProblemWriter
{
    /// <summary>Writes a response, which must not have started.</summary>
    /// <param name="context">The request.</param>
    /// <param name="problem">The body.</param>
    /// <param name="retryAfter">The header Retry-After, rounded up to seconds.</param>
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
