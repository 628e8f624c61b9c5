using System.Security.Cryptography;
using System.Text;

namespace Quiver.Grains.Collections;

/// <summary>Chooses the physical collection of a collection.</summary>
internal static class PhysicalCollections
{
    private const int ReadableLength = 24;

    /// <summary>Creates a binding to the model's physical collection, which all tenants share, or to a dedicated one.</summary>
    public static CollectionBinding Bind(CollectionKey key, string model, int dimensions, bool dedicated) => new()
    {
        Key = key,
        PhysicalCollection = dedicated ? DedicatedName(key, dimensions) : $"quiver_{model.Split('@')[0]}_{dimensions}d",
        Model = model,
        Dimensions = dimensions,
    };

    /// <summary>Readable and unique: a part of both names, and a digest of the full names.</summary>
    private static string DedicatedName(CollectionKey key, int dimensions)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Tenant}\n{key.Collection}")))[..16];
        return $"quiver_{Cut(key.Tenant.Value)}_{Cut(key.Collection.Value)}_{digest}_{dimensions}d";

        static string Cut(string name) => name.Length > ReadableLength ? name[..ReadableLength] : name;
    }
}
