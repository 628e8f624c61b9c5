namespace Quiver.Adapters.Storage.S3;

/// <summary>A page of a listing.</summary>
/// <param name="Objects">By key, in the order of their bytes.</param>
/// <param name="HasMore">Whether more follow behind the last one.</param>
internal sealed record S3Page(IReadOnlyList<S3Object> Objects, bool HasMore);
