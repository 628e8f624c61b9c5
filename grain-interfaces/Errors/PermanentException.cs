namespace Quiver.GrainInterfaces.Errors;

/// <summary>Trying again cannot help; somebody must change something first. HTTP 500, exit code 1.</summary>
/// <param name="code">Stable snake_case code.</param>
/// <param name="message">One sentence that says what to do.</param>
/// <param name="inner">The cause.</param>
[GenerateSerializer, Alias("quiver.error.permanent.v1")]
public sealed class PermanentException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.Permanent, inner);
