namespace Quiver.GrainInterfaces.Errors;

/// <summary>The request does not fit the present state. HTTP 409, exit code 4.</summary>
/// <param name="code">Stable snake_case code.</param>
/// <param name="message">One sentence that says what to do.</param>
/// <param name="inner">The cause.</param>
[GenerateSerializer, Alias("quiver.error.conflict.v1")]
public sealed class ConflictException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.Permanent, inner);
