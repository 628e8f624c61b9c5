namespace Quiver.Silo.Api.OpenApi;

/// <summary>What an endpoint may answer when it fails, for the document.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Codes">The codes that come with it.</param>
internal sealed record FailureMetadata(int Status, ImmutableArray<string> Codes);
