namespace Quiver.Client.Cli.Json;

/// <summary>What the demo did.</summary>
internal sealed record DemoDocument(JobReport Report, ImmutableArray<SearchDocument> Answers, string DataDirectory);
