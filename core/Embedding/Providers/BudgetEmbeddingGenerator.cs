using Microsoft.Extensions.AI;
using Quiver.Core.Embedding.Budgets;

namespace Quiver.Core.Embedding.Providers;

/// <summary>Sends a request when the provider's budget has room for it, in fair turns among tenants.</summary>
internal sealed class BudgetEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner, BudgetGate gate)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        await gate.EnterAsync(EmbeddingRequestNotes.TenantOf(options), EmbeddingRequestNotes.TokensOf(options), cancellationToken);
        return await base.GenerateAsync(values, options, cancellationToken);
    }
}
