namespace Quiver.GrainInterfaces.Errors;

/// <summary>The other side asks for fewer requests. HTTP 429, exit code 6.</summary>
/// <param name="code">Stable snake_case code.</param>
/// <param name="message">One sentence that says what to do.</param>
/// <param name="inner">The cause.</param>
[GenerateSerializer, Alias("quiver.error.throttled.v1")]
public sealed class ThrottledException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.Throttled, inner);
