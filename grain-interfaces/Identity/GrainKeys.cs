namespace Quiver.GrainInterfaces.Identity;

/// <summary>A job's grain key: <c>tenant/job</c>.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-key.v1")]
public readonly record struct JobKey([property: Id(0)] TenantId Tenant, [property: Id(1)] JobId Job)
{
    /// <summary>Parses a grain key.</summary>
    /// <param name="key"><c>tenant/job</c>.</param>
    /// <exception cref="Errors.InvalidRequestException">The key has no single separator, or a part is not a valid name.</exception>
    public static JobKey Parse(string key)
    {
        var (tenant, job) = GrainKeySyntax.Split(key);
        return new(TenantId.Parse(tenant), JobId.Parse(job));
    }

    /// <summary>The grain key.</summary>
    public override string ToString() => GrainKeySyntax.Join(Tenant.Value, Job.Value);
}

/// <summary>A tenant's collection as a grain key: <c>tenant/collection</c>.</summary>
[GenerateSerializer, Immutable, Alias("quiver.collection-key.v1")]
public readonly record struct CollectionKey([property: Id(0)] TenantId Tenant, [property: Id(1)] CollectionName Collection)
{
    /// <summary>Parses a grain key.</summary>
    /// <param name="key"><c>tenant/collection</c>.</param>
    /// <exception cref="Errors.InvalidRequestException">The key has no single separator, or a part is not a valid name.</exception>
    public static CollectionKey Parse(string key)
    {
        var (tenant, collection) = GrainKeySyntax.Split(key);
        return new(TenantId.Parse(tenant), CollectionName.Parse(collection));
    }

    /// <summary>The grain key.</summary>
    public override string ToString() => GrainKeySyntax.Join(Tenant.Value, Collection.Value);
}

/// <summary>Joins and splits two-part grain keys. Names never contain the separator, so a key has one reading.</summary>
internal static class GrainKeySyntax
{
    private const char Separator = '/';

    public static string Join(string first, string second) => string.Concat(first, "/", second);

    public static (string First, string Second) Split(string key)
    {
        var at = key.IndexOf(Separator, StringComparison.Ordinal);
        return at > 0 && at == key.LastIndexOf(Separator)
            ? (key[..at], key[(at + 1)..])
            : throw new InvalidRequestException("invalid_key", $"'{key}' is not a key of the form tenant/name.");
    }
}
