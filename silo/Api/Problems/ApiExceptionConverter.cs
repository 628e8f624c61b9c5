using System.Diagnostics;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Problems;

/// <summary>Converts errors into problem details: the only place that does.</summary>
internal static class ApiExceptionConverter
{
    /// <summary>The problem details of an exception. An unexpected exception is reported by its trace id only.</summary>
    public static Problem Convert(Exception exception, HttpContext context) => exception switch
    {
        QuiverException { Code: ErrorCodes.Timeout } error => Create(StatusCodes.Status504GatewayTimeout, error.Code, error.Message, context),
        PermanentException { Code: ErrorCodes.StorageFull } error => Create(StatusCodes.Status507InsufficientStorage, error.Code, error.Message, context),
        InvalidRequestException { Code: RequestErrorCodes.ForbiddenOrigin } error => Create(StatusCodes.Status403Forbidden, error.Code, error.Message, context),
        InvalidRequestException { Code: ErrorCodes.IdempotencyTokenReused } error =>
            Create(StatusCodes.Status422UnprocessableEntity, error.Code, error.Message, context),
        InvalidRequestException error => Create(StatusCodes.Status400BadRequest, error.Code, error.Message, context),
        NotFoundException error => Create(StatusCodes.Status404NotFound, error.Code, error.Message, context),
        ConflictException error => Create(StatusCodes.Status409Conflict, error.Code, error.Message, context),
        InvalidDocumentException error => Create(StatusCodes.Status422UnprocessableEntity, error.Code, error.Message, context),
        ThrottledException error => Create(StatusCodes.Status429TooManyRequests, error.Code, error.Message, context),
        TransientException error => Create(StatusCodes.Status503ServiceUnavailable, error.Code, error.Message, context),
        QuiverException error => Create(StatusCodes.Status500InternalServerError, error.Code, error.Message, context),
        TimeoutException => Create(StatusCodes.Status504GatewayTimeout, ErrorCodes.Timeout, "Quiver did not answer in time; try again.", context),

        // Cancellation by the caller is handled earlier: here the server is stopping.
        OperationCanceledException =>
            Create(StatusCodes.Status503ServiceUnavailable, ErrorCodes.ServerUnavailable, "The server is stopping; try again.", context),
        BadHttpRequestException error => FromStatus(error.StatusCode, context, error.Message),
        _ => Create(StatusCodes.Status500InternalServerError, ErrorCodes.Internal, "Quiver failed unexpectedly; search its log for this trace id.", context),
    };

    /// <summary>The problem details of a status that the framework set.</summary>
    public static Problem FromStatus(int status, HttpContext context, string? detail = null)
    {
        var (code, sentence) = status switch
        {
            StatusCodes.Status404NotFound => (RequestErrorCodes.UnknownRoute, "There is no endpoint at this address; /openapi/v1.json lists all endpoints."),
            StatusCodes.Status405MethodNotAllowed =>
                (RequestErrorCodes.MethodNotAllowed, $"This address does not support {context.Request.Method}; see the header Allow."),
            StatusCodes.Status413PayloadTooLarge => (RequestErrorCodes.RequestTooLarge, "The body is larger than the server accepts: send less, or raise Quiver:Api:MaxRequestBodyBytes."),
            StatusCodes.Status415UnsupportedMediaType => (RequestErrorCodes.UnsupportedMediaType, "Send the body as application/json."),
            StatusCodes.Status503ServiceUnavailable => (ErrorCodes.ServerUnavailable, "The server is not available; try again."),
            < 500 => (RequestErrorCodes.InvalidRequest, "The request is not valid; /openapi/v1.json describes all requests."),
            _ => (ErrorCodes.Internal, "Quiver failed unexpectedly; search its log for this trace id."),
        };
        var isOwn = status is StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType && detail is not null;
        return Create(status, code, isOwn ? detail! : sentence, context);
    }

    private static Problem Create(int status, string code, string detail, HttpContext context) => new()
    {
        Type = Problem.TypePrefix + code,
        Title = ProblemCatalogue.Title(code),
        Status = status,
        Detail = detail,
        Instance = context.Request.Path,
        Code = code,
        TraceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier,
    };
}
