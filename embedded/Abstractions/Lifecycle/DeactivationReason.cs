namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly record struct DeactivationReason
{
    /// <summary>Makes a reason.</summary>
    /// <param name="code">Its kind.</param>
    /// <param name="text">A sentence.</param>
    public DeactivationReason(DeactivationReasonCode code, string text)
        : this(code, null, text)
    {
    }

    /// <summary>Makes a reason.</summary>
    /// <param name="code">Its kind.</param>
    /// <param name="exception">The error behind it.</param>
    /// <param name="text">A sentence.</param>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Exception = exception;
        Description = text;
    }

    /// <summary>Its kind.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>A sentence.</summary>
    public string Description { get; }

    /// <summary>The error behind it.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{ReasonCode}: {Description}";
}
