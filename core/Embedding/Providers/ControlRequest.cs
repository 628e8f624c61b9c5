using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// A request of one fixed text, sent after failures: its answer tells a provider that is down from one that fails with certain texts. It
/// belongs to no job, so no job's usage counts it.
/// </summary>
internal static class ControlRequest
{
    public const string Text = "Quiver checks whether this provider answers.";

    // An upper estimate: the budget needs one, and the text is short.
    private const int Tokens = 24;

    /// <summary>Sends the request.</summary>
    /// <param name="provider">The provider, or a decorator of it.</param>
    /// <param name="model">Its model.</param>
    /// <param name="context">The call that failed; its tenant's share of the budget is used.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>How the provider failed; null when it returned a vector.</returns>
    public static async Task<QuiverException?> SendAsync(
        IEmbeddingGenerator<string, Embedding<float>> provider, EmbeddingModelInfo model, EmbeddingCallContext context, CancellationToken cancellationToken)
    {
        try
        {
            var options = new EmbeddingCallContext(context.Tenant) { SkipsCache = true }.ForRequest(Tokens).ToOptions();
            EmbeddingValidator.Validate(await provider.GenerateAsync([Text], options, cancellationToken), 1, model);
            return null;
        }
        catch (QuiverException exception)
        {
            return exception;
        }
    }
}
