namespace Quiver.GrainInterfaces.Errors;

/// <summary>The root of Quiver's errors. The code is stable and is what programs should look at.</summary>
[GenerateSerializer, Alias("quiver.error.v1")]
public abstract class QuiverException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="code">Stable snake_case code.</param>
    /// <param name="message">One sentence that says what to do.</param>
    /// <param name="kind">What to do about it.</param>
    /// <param name="inner">The cause.</param>
    protected QuiverException(string code, string message, FaultKind kind, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Kind = kind;
    }

    /// <summary>Stable snake_case code.</summary>
    [Id(0)]
    public string Code { get; }

    /// <summary>What to do about it.</summary>
    [Id(1)]
    public FaultKind Kind { get; }

    /// <summary>How long to wait before the next attempt, where the other side said so.</summary>
    [Id(2)]
    public TimeSpan? RetryAfter { get; init; }
}
