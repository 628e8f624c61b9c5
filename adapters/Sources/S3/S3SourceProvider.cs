using Microsoft.Extensions.Logging;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.S3;

/// <summary>Opens objects and prefixes.</summary>
internal sealed class S3SourceProvider(S3Requests requests, FormatRegistry formats, TimeProvider time, ILogger<S3SourceProvider> logger) : ISourceProvider
{
    /// <summary>The number of addresses that are checked before a job starts; later ones are checked when they are read.</summary>
    private const int MaxChecked = 100;

    /// <summary>The submission of a job waits for these checks, so they fail early instead of waiting for a server that is down.</summary>
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(15);

    public string Kind => "s3";

    public async Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default)
    {
        var normal = Normalize(spec);
        var addresses = normal.Paths.Select(S3Address.Parse).ToArray();
        var allowed = requests.Options.AllowedBuckets.Select(bucket => S3Address.Parse(S3Address.Scheme + bucket)).ToArray();
        if (allowed.Length > 0 && addresses.FirstOrDefault(address => !allowed.Any(root => root.Covers(address))) is { } outside)
        {
            throw new InvalidRequestException(
                ErrorCodes.PathNotAllowed, $"'{outside}' is outside the buckets that this server may read: name one of them, or add it to {S3Options.Section}:AllowedBuckets.");
        }

        await RequireAsync(addresses, cancellationToken);
        var prefixes = RootPrefixes.Of([.. addresses.Select(address => address.Path)], '/');

        // The source's name identifies the data wherever they are stored, so the prefix is not part of the ids.
        var named = spec.Name is not null && addresses is [{ IsPrefix: true }];
        return new S3Source(
            [.. addresses.Zip(prefixes, (address, prefix) => new S3Root(address, named ? "" : prefix, spec.Name ?? address.ToString()))],
            normal,
            requests,
            formats,
            logger);
    }

    public SourceSpec Normalize(SourceSpec spec)
    {
        SourceSpecValidator.Validate(spec);
        return SourceSpecValidator.Normalize(spec, static path => S3Address.Parse(path).ToString());
    }

    private async Task RequireAsync(S3Address[] addresses, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(CheckTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            foreach (var address in addresses.Take(MaxChecked))
            {
                await RequireAsync(address, linked.Token);
            }
        }
        catch (S3Exception exception)
        {
            throw exception.Fault.ToRefusal();
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientException(
                ErrorCodes.Timeout, $"S3 did not answer within {CheckTimeout.TotalSeconds:0} s whether '{addresses[0]}' can be read; try again.", exception);
        }
    }

    private async Task RequireAsync(S3Address address, CancellationToken cancellationToken)
    {
        var retry = requests.JobRetry();
        if (address.IsPrefix)
        {
            var page = await requests.ListAsync(address.Bucket, address.Key, null, 1, retry, cancellationToken);

            // A mirroring job would take a mistyped prefix for "everything was deleted". A bucket may be empty.
            if (page.Objects.Count == 0 && address.Key.Length > 0)
            {
                throw Missing($"No object's key begins with '{address.Key}' in the bucket '{address.Bucket}': check its spelling.");
            }

            return;
        }

        try
        {
            await requests.FindAsync(address.Bucket, address.Key, retry, cancellationToken);
        }
        catch (S3Exception exception) when (exception.Fault.Kind == S3FaultKind.Gone)
        {
            throw Missing($"The object '{address}' does not exist. Check its spelling; to read everything below it write '{address}/'.");
        }
    }

    private static InvalidRequestException Missing(string message) => new(ErrorCodes.PathNotFound, message);
}
