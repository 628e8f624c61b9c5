namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// The cause of a transient fault when the provider itself answered with status 500: a text of the request may be what it fails with. Adapters set
/// it as the inner exception; <see cref="SuspectRequests"/> reads it.
/// </summary>
public sealed class ServerErrorException() : Exception("The provider answered with status 500.");
