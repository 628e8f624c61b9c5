namespace Quiver.GrainInterfaces.Identity;

/// <summary>A tenant's collection as a grain key: <c>tenant/collection</c>.</summary>
/// <param name="Tenant">The owner.</param>
/// <param name="Collection">The collection.</param>
[GenerateSerializer, Immutable, Alias("quiver.collection-key.v1")]
public readonly record struct CollectionKey([property: Id(0)] TenantId Tenant, [property: Id(1)] CollectionName Collection)
{
    /// <summary>Parses a grain key.</summary>
    /// <param name="key"><c>tenant/collection</c>.</param>
    /// <exception cref="Errors.InvalidRequestException">The key has no single separator, or a part is no name.</exception>
    public static CollectionKey Parse(string key)
    {
        var (tenant, collection) = GrainKeySyntax.Split(key);
        return new(TenantId.Parse(tenant), CollectionName.Parse(collection));
    }

    /// <summary>The grain key.</summary>
    public override string ToString() => GrainKeySyntax.Join(Tenant.Value, Collection.Value);
}
