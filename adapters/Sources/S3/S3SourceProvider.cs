using Microsoft.Extensions.Logging;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.S3;

/// <summary>Opens objects and prefixes.</summary>
internal sealed class S3SourceProvider(S3Requests requests, TimeProvider time, ILogger<S3SourceProvider> logger) : ISourceProvider
{
    /// <summary>Of a long list of objects the rest shows as it is read.</summary>
    private const int MostChecked = 100;

    /// <summary>A submission waits for its answer: a server that is away now is told so instead of waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Kind => "s3";

    public async Task<IDocumentSource> OpenAsync(SourceSpec spec, CancellationToken cancellationToken = default)
    {
        var normal = Normalize(spec);
        var addresses = normal.Paths.Select(S3Address.Parse).ToArray();
        var allowed = requests.Options.AllowedBuckets.Select(bucket => S3Address.Parse(S3Address.Scheme + bucket)).ToArray();
        if (allowed.Length > 0 && addresses.FirstOrDefault(address => !allowed.Any(root => root.Covers(address))) is { } outside)
        {
            throw new InvalidRequestException(ErrorCodes.PathNotAllowed, $"'{outside}' lies outside of the buckets that this server may read ({S3Options.Section}:AllowedBuckets).");
        }

        await RequireAsync(addresses, cancellationToken);
        var prefixes = RootPrefixes.Of([.. addresses.Select(address => address.Path)], '/');

        // A name stands for the data wherever they lie, so the prefix's own name is no part of the ids.
        var named = spec.Name is not null && addresses is [{ IsPrefix: true }];
        return new S3Source(
            [.. addresses.Zip(prefixes, (address, prefix) => new S3Root(address, named ? "" : prefix, spec.Name ?? address.ToString()))],
            normal,
            requests,
            logger);
    }

    public SourceSpec Normalize(SourceSpec spec)
    {
        SourceSpecRules.Check(spec);
        return spec with
        {
            Paths = [.. spec.Paths.Select(path => S3Address.Parse(path).ToString()).Distinct(StringComparer.Ordinal)],
            Include = spec.Include.IsDefault ? [] : spec.Include,
            Exclude = spec.Exclude.IsDefault ? [] : spec.Exclude,
        };
    }

    private async Task RequireAsync(S3Address[] addresses, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            foreach (var address in addresses.Take(MostChecked))
            {
                await RequireAsync(address, linked.Token);
            }
        }
        catch (S3Exception e)
        {
            throw e.Fault.ToRefusal();
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientException(ErrorCodes.Timeout, $"S3 did not answer within {Patience.TotalSeconds:0} s whether '{addresses[0]}' can be read; try again.", e);
        }
    }

    private async Task RequireAsync(S3Address address, CancellationToken cancellationToken)
    {
        var waits = requests.WaitsOfJob();
        if (address.IsPrefix)
        {
            var page = await requests.ListAsync(address.Bucket, address.Key, null, 1, waits, cancellationToken);

            // A prefix is nothing of its own; a mistyped one would read as "everything was deleted" to a mirroring job. A bucket may be empty.
            if (page.Objects.Count == 0 && address.Key.Length > 0)
            {
                throw Missing($"No object's key begins with '{address.Key}' in the bucket '{address.Bucket}': check its spelling.");
            }

            return;
        }

        try
        {
            await requests.FindAsync(address.Bucket, address.Key, waits, cancellationToken);
        }
        catch (S3Exception e) when (e.Fault.Kind == S3FaultKind.Gone)
        {
            throw Missing($"The object '{address}' does not exist. Check its spelling; to read everything below it write '{address}/'.");
        }
    }

    private static InvalidRequestException Missing(string message) => new(ErrorCodes.PathNotFound, message);
}
