namespace Quiver.Cli.Doctor;

/// <summary>What a check found.</summary>
public enum DoctorStatus
{
    /// <summary>As it should be.</summary>
    Ok = 1,

    /// <summary>Works, but not for everything or not for long.</summary>
    Warn = 2,

    /// <summary>Quiver cannot work like this.</summary>
    Fail = 3,
}
