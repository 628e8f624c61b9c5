using System.Diagnostics;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Problems;

/// <summary>The one place where errors become HTTP.</summary>
internal static class ApiExceptionConverter
{
    /// <summary>The problem that stands for an exception; nothing about an unknown exception leaves the process but its trace id.</summary>
    public static Problem Convert(Exception exception, HttpContext context) => exception switch
    {
        QuiverException { Code: ErrorCodes.Timeout } error => Create(StatusCodes.Status504GatewayTimeout, error.Code, error.Message, context),
        PermanentException { Code: ErrorCodes.StorageFull } error => Create(StatusCodes.Status507InsufficientStorage, error.Code, error.Message, context),
        InvalidRequestException { Code: RequestErrorCodes.ForbiddenOrigin } error => Create(StatusCodes.Status403Forbidden, error.Code, error.Message, context),
        InvalidRequestException error => Create(StatusCodes.Status400BadRequest, error.Code, error.Message, context),
        NotFoundException error => Create(StatusCodes.Status404NotFound, error.Code, error.Message, context),
        ConflictException error => Create(StatusCodes.Status409Conflict, error.Code, error.Message, context),
        InvalidDocumentException error => Create(StatusCodes.Status422UnprocessableEntity, error.Code, error.Message, context),
        ThrottledException error => Create(StatusCodes.Status429TooManyRequests, error.Code, error.Message, context),
        TransientException error => Create(StatusCodes.Status503ServiceUnavailable, error.Code, error.Message, context),
        QuiverException error => Create(StatusCodes.Status500InternalServerError, error.Code, error.Message, context),
        TimeoutException => Create(StatusCodes.Status504GatewayTimeout, ErrorCodes.Timeout, "Quiver did not answer in time; try again.", context),
        // The caller's own cancellation never comes here: the server itself gave up, because it stops.
        OperationCanceledException => Create(StatusCodes.Status503ServiceUnavailable, ErrorCodes.ServerUnavailable, "The server is stopping; try again.", context),
        BadHttpRequestException error => FromStatus(error.StatusCode, context, error.Message),
        _ => Create(StatusCodes.Status500InternalServerError, ErrorCodes.Internal, "Something failed inside Quiver; its log says what, beside this trace id.", context),
    };

    /// <summary>The problem that stands for a status that the framework answered with.</summary>
    public static Problem FromStatus(int status, HttpContext context, string? detail = null)
    {
        var (code, sentence) = status switch
        {
            StatusCodes.Status404NotFound => (RequestErrorCodes.UnknownRoute, "Nothing answers at this address; /openapi/v1.json lists what does."),
            StatusCodes.Status405MethodNotAllowed => (RequestErrorCodes.MethodNotAllowed, $"This address does not take {context.Request.Method}; see the header Allow."),
            StatusCodes.Status413PayloadTooLarge => (RequestErrorCodes.RequestTooLarge, "The body is larger than the server takes."),
            StatusCodes.Status415UnsupportedMediaType => (RequestErrorCodes.UnsupportedMediaType, "Send the body as application/json."),
            StatusCodes.Status503ServiceUnavailable => (ErrorCodes.ServerUnavailable, "The server is not available; try again."),
            < 500 => (RequestErrorCodes.InvalidRequest, "The request cannot be understood."),
            _ => (ErrorCodes.Internal, "Something failed inside Quiver; its log says what, beside this trace id."),
        };
        return Create(status, code, status == StatusCodes.Status400BadRequest && detail is not null ? detail : sentence, context);
    }

    private static Problem Create(int status, string code, string detail, HttpContext context) => new()
    {
        Type = $"urn:quiver:error:{code}",
        Title = ProblemCatalogue.Title(code),
        Status = status,
        Detail = detail,
        Instance = context.Request.Path,
        Code = code,
        TraceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier,
    };
}
