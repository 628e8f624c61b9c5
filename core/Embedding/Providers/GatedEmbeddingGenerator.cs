using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding.Providers;

/// <summary>Lets so many batches of a job at the service at a time as the job may have in flight. What the cache answers needs no place.</summary>
internal sealed class GatedEmbeddingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly ModelGate _gate = new();

    public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        EmbeddingRequestNotes.PlacesOf(options) is { } places
            ? _gate.RunAsync(places.Job, places.Most, () => base.GenerateAsync(values, options, cancellationToken), cancellationToken)
            : base.GenerateAsync(values, options, cancellationToken);
}
