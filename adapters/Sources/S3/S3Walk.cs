using System.Runtime.CompilerServices;
using System.Text;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.S3;

/// <summary>
/// Walks roots in their order and each prefix in the order of keys, so a key alone is a cursor. Holds one page of keys in memory. A root inside
/// another root is read once, as itself.
/// </summary>
internal sealed class S3Walk(IReadOnlyList<S3Root> roots, S3Requests requests, GlobFilter filter, Func<string, bool> skip)
{
    /// <summary>The objects from the cursor's key, which is left out when the cursor is after it. Throws <see cref="S3Exception"/>.</summary>
    public async IAsyncEnumerable<S3Entry> EnumerateAsync(S3Cursor? from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = from?.Root ?? 0; i < roots.Count; i++)
        {
            var resume = from?.Root == i ? from : null;
            var address = roots[i].Address;
            var key = address.IsPrefix ? resume?.Key : address.Key;
            if (key is not null && resume is not { Done: true })
            {
                var found = await FindAsync(address.Bucket, key, cancellationToken);

                // An object that disappeared while it was read is still reported.
                if (found is not null || !address.IsPrefix || resume is { Position.IsStart: false })
                {
                    yield return new S3Entry(i, key, found);
                }
            }

            if (!address.IsPrefix)
            {
                continue;
            }

            await foreach (var found in ListAsync(roots[i], key, cancellationToken))
            {
                yield return new S3Entry(i, found.Key, found);
            }
        }
    }

    /// <summary>The object as it is now; null when there is none.</summary>
    public async Task<S3Object?> FindAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await requests.FindAsync(bucket, key, requests.JobRetry(), cancellationToken);
        }
        catch (S3Exception exception) when (exception.Fault.Kind == S3FaultKind.Gone)
        {
            return null;
        }
    }

    private async IAsyncEnumerable<S3Object> ListAsync(S3Root root, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var address = root.Address;
        while (true)
        {
            var page = await requests.ListAsync(address.Bucket, address.Key, after, requests.Options.PageSize, requests.JobRetry(), cancellationToken);
            foreach (var found in page.Objects)
            {
                RequireOrder(address, after, found.Key);
                after = found.Key;
                if (IsWanted(root, found))
                {
                    yield return found;
                }
            }

            if (!page.HasMore || page.Objects.Count == 0)
            {
                yield break;
            }
        }
    }

    private bool IsWanted(S3Root root, S3Object found)
    {
        var relative = root.Relative(found.Key);

        // Consoles store such objects for empty folders.
        if (relative.Length == 0 || (found.Size == 0 && relative.EndsWith('/')))
        {
            return false;
        }

        if (roots.Any(other => other != root && root.Address.Covers(other.Address) && other.Address.Covers(found.Key)))
        {
            return false;
        }

        return filter.Includes(relative) && !ExcludesFolderOf(relative) && !skip(ObjectName.Of(relative).Content);
    }

    private bool ExcludesFolderOf(string relative)
    {
        for (var slash = relative.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = relative.IndexOf('/', slash + 1))
        {
            if (slash > 0 && filter.Excludes(relative[..slash]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A key is the cursor, which requires keys in order; a listing that repeats keys would never end.</summary>
    private static void RequireOrder(S3Address address, string? after, string key)
    {
        if (after is not null && Encoding.UTF8.GetBytes(after).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(key)) >= 0)
        {
            throw new PermanentException(
                ErrorCodes.SourceChanged,
                $"The server of '{address}' lists keys out of order ('{key}' after '{after}'), so a job over it could not resume; name its objects one by one.");
        }
    }
}

/// <summary>An object that a walk reached.</summary>
/// <param name="Root">The index of its root.</param>
/// <param name="Key">Its key.</param>
/// <param name="Found">The object's version; null for a named object that is gone.</param>
internal sealed record S3Entry(int Root, string Key, S3Object? Found);
