using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Sources.S3;

/// <summary>An address that a source names.</summary>
/// <param name="Address">The object or prefix.</param>
/// <param name="IdPrefix">What the ids of its objects begin with; see the folders of files.</param>
/// <param name="Origin">What its documents belong to.</param>
internal sealed record S3Root(S3Address Address, string IdPrefix, string Origin)
{
    /// <summary>The key as it reads below the address, for globs; empty for a named object.</summary>
    public string Relative(string key) => Address.IsPrefix ? key[Address.Key.Length..] : "";

    /// <summary>The id of an object.</summary>
    public string FileId(string key)
    {
        var relative = Relative(key);
        if (relative.Length == 0)
        {
            return IdPrefix;
        }

        return IdPrefix.Length == 0 ? relative : $"{IdPrefix}/{relative}";
    }
}
