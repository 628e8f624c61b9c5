using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;
using Quiver.Core.Resilience;

namespace Quiver.Adapters.Storage.S3;

/// <summary>Sends requests to S3 with an idle timeout and retries; all methods throw <see cref="S3Exception"/>. Thread-safe.</summary>
internal sealed partial class S3Requests(S3Connection connection, TimeProvider time, Random random, ILogger<S3Requests> logger)
{
    private const int StatusPartial = 206;
    private const long SlowestBytesPerSecond = 64 * 1024;

    public S3Options Options => connection.Options;

    /// <inheritdoc cref="S3Retry.ForJob"/>
    public S3Retry JobRetry() => S3Retry.ForJob(Options, random);

    /// <inheritdoc cref="S3Retry.ForCaller"/>
    public S3Retry CallerRetry() => S3Retry.ForCaller(Options, random);

    /// <summary>The object as it is now.</summary>
    public Task<S3Object> FindAsync(string bucket, string key, S3Retry retry, CancellationToken cancellationToken)
    {
        var what = new S3Address(bucket, key).ToString();
        return RepeatAsync(FindOnceAsync, what, retry, cancellationToken);

        async Task<S3Object> FindOnceAsync(CancellationToken token)
        {
            try
            {
                var head = await connection.Client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = key }, token);
                return new S3Object(bucket, key, head.ContentLength, head.ETag);
            }
            catch (AmazonS3Exception exception) when ((int)exception.StatusCode is 400 or 403 or 404)
            {
                // The answer to HEAD has no body with a reason; the answer to GET has one.
                using var get = await connection.Client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key }, token);
                return new S3Object(bucket, key, get.ContentLength, get.ETag);
            }
        }
    }

    /// <summary>Lists keys below a prefix, behind a key.</summary>
    public Task<S3Page> ListAsync(string bucket, string prefix, string? after, int limit, S3Retry retry, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, StartAfter = after, MaxKeys = limit, Encoding = EncodingType.Url };
        return RepeatAsync(ListOnceAsync, new S3Address(bucket, prefix).ToString(), retry, cancellationToken);

        async Task<S3Page> ListOnceAsync(CancellationToken token)
        {
            var page = await connection.Client.ListObjectsV2Async(request, token);

            // Keys may have characters that XML cannot hold, so the request asks for encoded ones; the answer says whether they are.
            var encoded = page.Encoding == EncodingType.Url;
            var objects = (page.S3Objects ?? []).Select(found => Stored(bucket, encoded ? WebUtility.UrlDecode(found.Key) : found.Key, found));
            return new([.. objects], page.IsTruncated == true);
        }
    }

    /// <summary>Sends a body of a size in bytes, with retries; the timeout allows for a slow line.</summary>
    public Task<T> SendAsync<T>(Func<CancellationToken, Task<T>> send, string what, long bytes, CancellationToken cancellationToken) =>
        RepeatAsync(send, what, CallerRetry(), cancellationToken, Options.IdleTimeout + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond));

    /// <summary>Opens a range of bytes of one version of an object. One attempt.</summary>
    public Task<GetObjectResponse> OpenAsync(S3Object found, long start, long end, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = found.Bucket, Key = found.Key, EtagToMatch = found.ETag, ByteRange = new ByteRange(start, end - 1) };
        return GuardAsync(OpenOnceAsync, found.ToString(), cancellationToken);

        async Task<GetObjectResponse> OpenOnceAsync(CancellationToken token)
        {
            var response = await connection.Client.GetObjectAsync(request, token);
            if ((int)response.HttpStatusCode == StatusPartial || (start == 0 && response.ContentLength == end))
            {
                if (response.ETag == found.ETag)
                {
                    return response;
                }

                response.Dispose();
                throw Failure(S3FaultKind.Changed, ErrorCodes.SourceChanged, $"The object '{found}' was replaced while it was read.");
            }

            response.Dispose();
            throw Failure(
                S3FaultKind.Refused, ErrorCodes.InvalidOption, $"The server of '{found}' ignores range requests; Quiver needs a server that supports them.");
        }
    }

    /// <summary>Runs a request once, with the idle timeout.</summary>
    public async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> act, string what, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        using var idle = new CancellationTokenSource(limit ?? Options.IdleTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        try
        {
            return await act(linked.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            // A cancelled request may end with any error of the connection.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (Exception exception) when (exception is not S3Exception && !cancellationToken.IsCancellationRequested
            && S3Faults.Classify(idle.IsCancellationRequested ? new TimeoutException(exception.Message, exception) : exception, what, Options) is { } fault)
        {
            throw new S3Exception(fault);
        }
    }

    /// <summary>Waits before another attempt, or throws the last error when there is none.</summary>
    public async Task WaitOrThrowAsync(S3Exception error, S3Retry retry, CancellationToken cancellationToken)
    {
        if (retry.Next(error.Fault) is not { } wait)
        {
            throw error;
        }

        LogRetry(logger, error.Fault.Message, error.Fault.Code, wait);
        await Task.Delay(wait, time, cancellationToken);
    }

    private async Task<T> RepeatAsync<T>(
        Func<CancellationToken, Task<T>> act, string what, S3Retry retry, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        while (true)
        {
            try
            {
                return await GuardAsync(act, what, cancellationToken, limit);
            }
            catch (S3Exception exception)
            {
                await WaitOrThrowAsync(exception, retry, cancellationToken);
            }
        }
    }

    private static S3Object Stored(string bucket, string key, Amazon.S3.Model.S3Object found) =>
        new(bucket, key, found.Size ?? 0, found.ETag) { At = found.LastModified is { } at ? new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero) : default };

    private static S3Exception Failure(S3FaultKind kind, string code, string message) => new(new S3Fault(kind, code, message, new IOException(message)));

    [LoggerMessage(5100, LogLevel.Warning, "{Message} ({Code}) The next attempt is in {Wait}")]
    private static partial void LogRetry(ILogger logger, string message, string code, TimeSpan wait);
}

/// <summary>
/// Counts the attempts at one request or stream and yields the waits between them. Not thread-safe. A job has a retry policy of its own, which
/// reports stalls and follows the job's settings; a read for a job therefore retries here only after progress.
/// </summary>
internal sealed class S3Retry
{
    private readonly S3Options _options;
    private readonly RetrySchedule _schedule;
    private readonly int _maxAttempts;
    private int _made;
    private int _waits;

    private S3Retry(S3Options options, int maxAttempts, int made, Random random)
    {
        (_options, _maxAttempts, _made) = (options, maxAttempts, made);
        _schedule = new RetrySchedule(options.RetryBaseDelay, options.RetryMaxDelay, random);
    }

    /// <summary>Up to <see cref="S3Options.MaxAttempts"/> attempts without progress, for callers that have no retry policy.</summary>
    public static S3Retry ForCaller(S3Options options, Random random) => new(options, options.MaxAttempts, 0, random);

    /// <summary>One more attempt, after progress only, for reads for a job.</summary>
    public static S3Retry ForJob(S3Options options, Random random) => new(options, 2, 1, random);

    /// <summary>Resets the count: the request made progress.</summary>
    public void Progressed() => (_made, _waits) = (0, 0);

    /// <summary>The wait before the next attempt, at least what the server asked for; null when there is no next attempt.</summary>
    public TimeSpan? Next(S3Fault fault)
    {
        if (fault.Kind is not (S3FaultKind.Transient or S3FaultKind.Throttled) || ++_made >= _maxAttempts || fault.RetryAfter > _options.RetryMaxDelay)
        {
            return null;
        }

        var wait = _schedule.Delay(++_waits);
        return fault.RetryAfter > wait ? fault.RetryAfter : wait;
    }
}
