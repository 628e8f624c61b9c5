namespace Quiver.Cli.Doctor;

/// <summary>One thing that must be right for Quiver to work.</summary>
public interface IDoctorCheck
{
    /// <summary>A short name, lower case.</summary>
    string Name { get; }

    /// <summary>Looks; changes nothing that stays. An exception counts as a failure.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<DoctorResult> RunAsync(CancellationToken cancellationToken);
}
