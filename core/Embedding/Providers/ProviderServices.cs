using Microsoft.Extensions.Logging;
using Quiver.Core.Embedding.Budgets;

namespace Quiver.Core.Embedding.Providers;

/// <summary>What all providers of a silo share.</summary>
/// <param name="Silo">The silo's name among those that share budgets.</param>
/// <param name="Budget">Leases what may be sent.</param>
/// <param name="Cache">Vectors made before; null for none.</param>
/// <param name="Instruments">Takes the measurements.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Jitter.</param>
/// <param name="Loggers">Where logs go.</param>
internal sealed record ProviderServices(
    string Silo, IBudgetLessor Budget, IEmbeddingCache? Cache, EmbeddingInstruments Instruments, TimeProvider Time, Random Random, ILoggerFactory Loggers);
