namespace Quiver.GrainInterfaces.Errors;

/// <summary>A passing fault; the same request may succeed later. HTTP 503, exit code 6.</summary>
/// <param name="code">Stable snake_case code.</param>
/// <param name="message">One sentence that says what to do.</param>
/// <param name="inner">The cause.</param>
[GenerateSerializer, Alias("quiver.error.transient.v1")]
public sealed class TransientException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.Transient, inner);
