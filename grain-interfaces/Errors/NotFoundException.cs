namespace Quiver.GrainInterfaces.Errors;

/// <summary>What the request names does not exist. HTTP 404, exit code 3.</summary>
/// <param name="code">Stable snake_case code.</param>
/// <param name="message">One sentence that says what to do.</param>
/// <param name="inner">The cause.</param>
[GenerateSerializer, Alias("quiver.error.not-found.v1")]
public sealed class NotFoundException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.Permanent, inner);
