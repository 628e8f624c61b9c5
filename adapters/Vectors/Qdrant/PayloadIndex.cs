namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>A payload index.</summary>
/// <param name="Field">The payload's field.</param>
/// <param name="Type">The server's word for the type of its values.</param>
/// <param name="IsTenant">Whether points lie together by its value.</param>
internal sealed record PayloadIndex(string Field, string Type, bool IsTenant = false)
{
    /// <summary>What kind of index it is, for people to read.</summary>
    public string Kind => IsTenant ? $"{Type} with is_tenant" : Type;
}
