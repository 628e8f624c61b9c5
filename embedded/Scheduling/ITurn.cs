namespace Quiver.Embedded.Scheduling;

/// <summary>A piece of work that runs in its activation's turn.</summary>
internal interface ITurn
{
    /// <summary>Runs it; never throws.</summary>
    void Execute();
}
