namespace Quiver.GrainInterfaces.Errors;

/// <summary>The caller's request cannot be carried out as it stands. HTTP 400, exit code 2.</summary>
/// <param name="code">Stable snake_case code.</param>
/// <param name="message">One sentence that says what to do.</param>
/// <param name="inner">The cause.</param>
[GenerateSerializer, Alias("quiver.error.invalid-request.v1")]
public sealed class InvalidRequestException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.InvalidInput, inner);
