using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace Quiver.Adapters.Storage.S3;

/// <summary>The requests that reading takes. Each is given up when the server is silent for too long; all throw <see cref="S3Exception"/>. Thread-safe.</summary>
internal sealed class S3Requests(S3Connection connection, TimeProvider time, Random random, ILogger<S3Requests> logger)
{
    private const int StatusPartial = 206;
    private const long SlowestBytesPerSecond = 64 * 1024;

    public S3Options Options => connection.Options;

    /// <summary>For what is read for a job, which has attempts of its own.</summary>
    public S3Waits WaitsOfJob() => S3Waits.AfterProgress(Options, random);

    /// <summary>For everything else.</summary>
    public S3Waits Waits() => S3Waits.OfAttempts(Options, random);

    /// <summary>The object as it is now.</summary>
    public Task<S3Object> FindAsync(string bucket, string key, S3Waits waits, CancellationToken cancellationToken)
    {
        var what = new S3Address(bucket, key).ToString();
        return RepeatAsync(FindOnceAsync, what, waits, cancellationToken);

        async Task<S3Object> FindOnceAsync(CancellationToken token)
        {
            try
            {
                var head = await connection.Client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = key }, token);
                return new S3Object(bucket, key, head.ContentLength, head.ETag);
            }
            catch (AmazonS3Exception e) when ((int)e.StatusCode is 400 or 403 or 404)
            {
                // The answer to HEAD has no body that says why; the one to GET has.
                using var get = await connection.Client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key }, token);
                return new S3Object(bucket, key, get.ContentLength, get.ETag);
            }
        }
    }

    /// <summary>Keys below a prefix behind a key.</summary>
    public Task<S3Page> ListAsync(string bucket, string prefix, string? after, int most, S3Waits waits, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, StartAfter = after, MaxKeys = most, Encoding = EncodingType.Url };
        return RepeatAsync(ListOnceAsync, new S3Address(bucket, prefix).ToString(), waits, cancellationToken);

        async Task<S3Page> ListOnceAsync(CancellationToken token)
        {
            var page = await connection.Client.ListObjectsV2Async(request, token);
            // Keys may hold characters that XML cannot, so they are asked for encoded; a server that does not know how says so.
            var encoded = page.Encoding == EncodingType.Url;
            return new([.. (page.S3Objects ?? []).Select(found => Stored(bucket, encoded ? WebUtility.UrlDecode(found.Key) : found.Key, found))], page.IsTruncated == true);
        }
    }

    /// <summary>Sends so many bytes, again if need be; given up when they take longer than a slow line does.</summary>
    public Task<T> SendAsync<T>(Func<CancellationToken, Task<T>> send, string what, long bytes, CancellationToken cancellationToken) =>
        RepeatAsync(send, what, Waits(), cancellationToken, Options.IdleTimeout + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond));

    /// <summary>Opens so many bytes of a version of an object. One attempt.</summary>
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
            throw Failure(S3FaultKind.Refused, ErrorCodes.InvalidOption, $"The server of '{found}' does not answer with the range of bytes that it is asked for; Quiver needs one that does.");
        }
    }

    /// <summary>Does something once, for as long as the server is not silent for too long.</summary>
    public async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> act, string what, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        using var idle = new CancellationTokenSource(limit ?? Options.IdleTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        try
        {
            return await act(linked.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            // A request that is given up may end with any error of the connection.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is not S3Exception && !cancellationToken.IsCancellationRequested
            && S3Faults.Classify(idle.IsCancellationRequested ? new TimeoutException(e.Message, e) : e, what, Options) is { } fault)
        {
            throw new S3Exception(fault);
        }
    }

    /// <summary>Waits before another attempt, or throws what the last one ended with.</summary>
    public async Task WaitOrThrowAsync(S3Exception error, S3Waits waits, CancellationToken cancellationToken)
    {
        if (waits.Next(error.Fault) is not { } wait)
        {
            throw error;
        }

        S3Log.Waiting(logger, error.Fault.Message, error.Fault.Code, wait);
        await Task.Delay(wait, time, cancellationToken);
    }

    private async Task<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> act, string what, S3Waits waits, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        while (true)
        {
            try
            {
                return await GuardAsync(act, what, cancellationToken, limit);
            }
            catch (S3Exception e)
            {
                await WaitOrThrowAsync(e, waits, cancellationToken);
            }
        }
    }

    private static S3Object Stored(string bucket, string key, Amazon.S3.Model.S3Object found) =>
        new(bucket, key, found.Size ?? 0, found.ETag) { At = found.LastModified is { } at ? new DateTimeOffset(at.ToUniversalTime(), TimeSpan.Zero) : default };

    private static S3Exception Failure(S3FaultKind kind, string code, string message) => new(new S3Fault(kind, code, message, new IOException(message)));
}
