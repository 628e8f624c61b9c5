namespace Quiver.Silo.Hosting;

/// <summary>Tells when jobs may have lost the silo that they were on.</summary>
internal interface ISiloChanges
{
    /// <summary>Completes when a silo has left since the last call, and others that look after what it left behind have had their chance.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task WaitAsync(CancellationToken cancellationToken);
}
