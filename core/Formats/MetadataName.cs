using Quiver.Core.Vectors;

namespace Quiver.Core.Formats;

/// <summary>The names under which a document's fields are stored.</summary>
internal static class MetadataName
{
    private const string Prefix = "source_";

    /// <summary>The name of a field in the metadata, with a prefix where Quiver has a field of that name; null for a name that is not stored.</summary>
    /// <param name="name">The name in the source.</param>
    public static string? Of(string name) => name.Length is 0 or > RecordConstants.MaxNameCharacters ? null
        : PayloadFields.IsTaken(name) || name is RecordConstants.PathField or RecordConstants.LineField or RecordConstants.FrontMatterFaultField ? Prefix + name
        : name;
}
