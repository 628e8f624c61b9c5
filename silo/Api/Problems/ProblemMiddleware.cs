namespace Quiver.Silo.Api.Problems;

/// <summary>Makes every failed request end with problem details, whoever refused it.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    // What a caller is told to wait when the error itself does not say.
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
            // The caller has gone: there is nobody to answer.
            LogGone(context.Request.Method, context.Request.Path);
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
            LogFailed(exception, context.Request.Method, context.Request.Path, problem.Status, problem.Code);
        }
        else
        {
            LogRefused(context.Request.Method, context.Request.Path, problem.Status, problem.Code, problem.Detail);
        }

        if (context.Response.HasStarted)
        {
            // A response that breaks off is an error to its reader; one that merely ends would pass for the whole.
            context.Abort();
            return;
        }

        TimeSpan? wait = problem.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable
            ? (exception as QuiverException)?.RetryAfter ?? DefaultRetryAfter
            : null;
        await ProblemWriter.WriteAsync(context, problem, wait);
    }

    [LoggerMessage(4001, LogLevel.Debug, "The caller of {Method} {Path} has gone")]
    private partial void LogGone(string method, PathString path);

    [LoggerMessage(4002, LogLevel.Information, "{Method} {Path} refused with {Status} {Code}: {Detail}")]
    private partial void LogRefused(string method, PathString path, int status, string code, string? detail);

    [LoggerMessage(4003, LogLevel.Error, "{Method} {Path} failed with {Status} {Code}")]
    private partial void LogFailed(Exception exception, string method, PathString path, int status, string code);
}
