namespace Quiver.Cli.Json;

/// <summary>What the demo did; the directory is unknown when a server was named by its address.</summary>
internal sealed record DemoDocument(JobReport Report, ImmutableArray<SearchDocument> Answers, string? DataDirectory);
