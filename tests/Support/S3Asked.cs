namespace Quiver.Tests.Support;

/// <summary>A request for an object's bytes.</summary>
/// <param name="From">The first byte that was asked for.</param>
/// <param name="To">The last one.</param>
/// <param name="IfMatch">The version that was asked for; null for any.</param>
/// <param name="Authorization">How it was signed; null when it was not.</param>
internal sealed record S3Asked(long? From, long? To, string? IfMatch, string? Authorization);
