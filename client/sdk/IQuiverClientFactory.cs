namespace Quiver.Client;

/// <summary>Gives each tenant its view. Thread-safe.</summary>
public interface IQuiverClientFactory
{
    /// <summary>A tenant's client; cheap, not to be disposed, nothing is asked of the other side.</summary>
    /// <param name="tenant">Whose jobs and collections it sees.</param>
    IQuiverClient Create(TenantId tenant);
}
