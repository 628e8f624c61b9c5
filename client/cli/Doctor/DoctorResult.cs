namespace Quiver.Cli.Doctor;

/// <summary>What a check found.</summary>
/// <param name="Status">How bad it is.</param>
/// <param name="Message">What was found, in one sentence.</param>
/// <param name="Remedy">How to mend it; null when there is nothing to mend.</param>
public sealed record DoctorResult(DoctorStatus Status, string Message, string? Remedy = null)
{
    /// <summary>As it should be.</summary>
    /// <param name="message">What was found.</param>
    public static DoctorResult Ok(string message) => new(DoctorStatus.Ok, message);

    /// <summary>Works with limits.</summary>
    /// <param name="message">What was found.</param>
    /// <param name="remedy">How to mend it.</param>
    public static DoctorResult Warn(string message, string remedy) => new(DoctorStatus.Warn, message, remedy);

    /// <summary>Does not work.</summary>
    /// <param name="message">What was found.</param>
    /// <param name="remedy">How to mend it.</param>
    public static DoctorResult Fail(string message, string remedy) => new(DoctorStatus.Fail, message, remedy);
}
