namespace Quiver.Core.Embedding.Providers;

/// <summary>How failures of a provider are met.</summary>
/// <param name="Attempts">Attempts at one request within one call, 1 to 10.</param>
/// <param name="SoftTimeout">After it the caller is told to try again, while the request goes on.</param>
/// <param name="HardTimeout">After it the request is cut; at least <paramref name="SoftTimeout"/>.</param>
/// <param name="FailuresToOpen">Failures in a row after which the provider is left alone.</param>
/// <param name="BreakDuration">For how long at first; it doubles with each trial that fails, up to eight times as long.</param>
public sealed record ProviderResilience(int Attempts, TimeSpan SoftTimeout, TimeSpan HardTimeout, int FailuresToOpen, TimeSpan BreakDuration);
