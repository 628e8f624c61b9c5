namespace Quiver.Tests.Support.Providers;

/// <summary>A request that a scripted provider got.</summary>
internal sealed record ProviderRequest(int Number, ImmutableArray<string> Texts, string Body, string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Whether vectors are asked for in base64.</summary>
    public bool WantsBase64 => Body.Contains("\"encoding_format\":\"base64\"", StringComparison.Ordinal);
}
