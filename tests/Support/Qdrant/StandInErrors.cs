using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>The server's errors, in its words, and the faults that a test requests.</summary>
internal static class StandInErrors
{
    public static RpcException Of(StatusCode code, string text, params (string Key, string Value)[] trailers)
    {
        var metadata = new Metadata();
        foreach (var (key, value) in trailers)
        {
            metadata.Add(key, value);
        }

        return new(new Status(code, text), metadata);
    }

    public static RpcException Missing(string collection) => Of(StatusCode.NotFound, $"Not found: Collection `{collection}` doesn't exist!");

    public static RpcException WrongInput(string text) => Of(StatusCode.InvalidArgument, $"Wrong input: {text}");

    public static RpcException StrictMode(string text) => Of(StatusCode.InvalidArgument, $"Bad request: {text}");

    /// <summary>Answers as a proxy does that knows nothing of gRPC.</summary>
    public static async Task RefuseAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html";
        await http.Response.CompleteAsync();
        throw Of(StatusCode.Cancelled, "answered");
    }

    /// <summary>Faults that come before anything is applied.</summary>
    public static async Task BeforeAsync(StandInFault fault, HttpContext http, string retryAfter)
    {
        switch (fault)
        {
            case StandInFault.Throttle:
                throw Of(
                    StatusCode.ResourceExhausted,
                    $"Rate limiting exceeded: Write rate limit exceeded: Operation requires 7 tokens but only 0.0 were available. Retry after {retryAfter}s",
                    ("retry-after", retryAfter));
            case StandInFault.Internal:
                throw Of(StatusCode.Internal, "Service internal error: scripted");
            case StandInFault.Unavailable:
                throw Of(StatusCode.Unavailable, "Shard temporarily unavailable: The replica set is not ready");
            case StandInFault.ShardMissing:
                throw Of(StatusCode.NotFound, "Not found: Shard 0 not found");
            case StandInFault.QuotaFull:
                throw Of(StatusCode.ResourceExhausted, "Insufficient storage: disk usage is at 96%, the quota is 95%", ("qdrant-insufficient-storage", "1"));
            case StandInFault.DiskFull:
                throw Of(StatusCode.Internal, "Service internal error: No space left on device: WAL buffer size exceeds available disk space");
            case StandInFault.TimeoutExpired:
                throw Of(StatusCode.Cancelled, "Timeout expired");
            case StandInFault.Invalid:
                throw Of(StatusCode.InvalidArgument, "Validation error in body: [points[0].vector: scripted]");
            case StandInFault.SilenceBefore:
                await SilenceAsync(http);
                break;
            case StandInFault.CutBefore:
                http.Abort();
                throw Of(StatusCode.Cancelled, "cut");
            default:
                break;
        }
    }

    /// <summary>Faults that come after everything is applied.</summary>
    public static async Task AfterAsync(StandInFault fault, HttpContext http)
    {
        switch (fault)
        {
            case StandInFault.InternalAfter:
                throw Of(StatusCode.Internal, "Service internal error: scripted, after applying");
            case StandInFault.TimeoutAfter:
                throw Of(StatusCode.DeadlineExceeded, "Timeout: Operation 'update' timed out after 1 seconds");
            case StandInFault.SilenceAfter:
                await SilenceAsync(http);
                break;
            case StandInFault.CutInAnswer:
                // The frame promises a hundred bytes.
                await http.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 100, 1, 2, 3 }, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                http.Abort();
                throw Of(StatusCode.Cancelled, "cut");
            default:
                break;
        }
    }

    /// <summary>Does not answer until the caller gives up.</summary>
    private static async Task SilenceAsync(HttpContext http)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (http.RequestAborted.Register(() => gone.TrySetResult()))
        {
            await gone.Task;
        }

        throw Of(StatusCode.Cancelled, "gone");
    }
}
