namespace Quiver.Cli.Doctor;

/// <summary>One check of <c>quiver doctor</c>.</summary>
public interface IDoctorCheck
{
    /// <summary>A short name, lower case.</summary>
    string Name { get; }

    /// <summary>Runs the check; leaves no changes behind. An exception counts as a failure.</summary>
    /// <param name="cancellationToken">Aborts the check.</param>
    Task<DoctorResult> RunAsync(CancellationToken cancellationToken);
}

/// <summary>The severity of a check's result.</summary>
public enum DoctorStatus
{
    /// <summary>The check passed.</summary>
    Ok = 1,

    /// <summary>Quiver works with limits.</summary>
    Warn = 2,

    /// <summary>Quiver does not work.</summary>
    Fail = 3,
}

/// <summary>The result of a check.</summary>
/// <param name="Status">The severity.</param>
/// <param name="Message">What was found, in one sentence.</param>
/// <param name="Remedy">How to fix it; null when there is nothing to fix.</param>
public sealed record DoctorResult(DoctorStatus Status, string Message, string? Remedy = null)
{
    /// <summary>The check passed.</summary>
    /// <param name="message">What was found.</param>
    public static DoctorResult Ok(string message) => new(DoctorStatus.Ok, message);

    /// <summary>Quiver works with limits.</summary>
    /// <param name="message">What was found.</param>
    /// <param name="remedy">How to fix it.</param>
    public static DoctorResult Warn(string message, string remedy) => new(DoctorStatus.Warn, message, remedy);

    /// <summary>Quiver does not work.</summary>
    /// <param name="message">What was found.</param>
    /// <param name="remedy">How to fix it.</param>
    public static DoctorResult Fail(string message, string remedy) => new(DoctorStatus.Fail, message, remedy);
}
