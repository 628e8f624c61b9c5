namespace Quiver.Cli.Json;

/// <summary>Where the server answers, printed once it does.</summary>
internal sealed record ServingDocument(ImmutableArray<string> Urls, string DataDirectory);
