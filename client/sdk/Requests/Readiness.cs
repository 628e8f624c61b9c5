namespace Quiver.Client.Requests;

/// <summary>The answer of the health addresses.</summary>
/// <param name="Status"><c>ok</c> or <c>unavailable</c>.</param>
/// <param name="Reasons">Why not, a sentence by the name of each failing check; empty when all is well.</param>
public sealed record Readiness(string Status, ImmutableDictionary<string, string> Reasons);
