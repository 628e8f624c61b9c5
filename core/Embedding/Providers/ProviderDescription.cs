namespace Quiver.Core.Embedding.Providers;

/// <summary>What is particular about one provider.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="TelemetryName">Its name in telemetry.</param>
/// <param name="Model">Its model.</param>
/// <param name="Tokenizer">Counts what it takes; where it estimates, rather too much than too little.</param>
/// <param name="Limits">What it takes at most.</param>
/// <param name="Resilience">How its failures are met.</param>
internal sealed record ProviderDescription(
    string Name, string TelemetryName, EmbeddingModelInfo Model, ITokenizer Tokenizer, ProviderLimits Limits, ProviderResilience Resilience);
