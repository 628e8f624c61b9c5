namespace Quiver.Embedded.Hosting;

/// <summary>A grain class of the host.</summary>
/// <param name="Type">The class.</param>
internal sealed record GrainRegistration(Type Type);
