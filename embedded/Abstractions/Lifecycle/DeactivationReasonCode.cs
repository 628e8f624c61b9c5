namespace Orleans;

/// <summary>Why an activation ends; those of Orleans that one process can have.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>The silo is stopping.</summary>
    ShuttingDown = 1,

    /// <summary>It could not be activated.</summary>
    ActivationFailed = 2,

    /// <summary>Nobody called it for as long as its collection age.</summary>
    ActivationIdle = 4,

    /// <summary>It wrote on top of state that it had not read.</summary>
    ApplicationError = 8,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested = 9,
}
