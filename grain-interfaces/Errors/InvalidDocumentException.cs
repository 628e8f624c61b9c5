namespace Quiver.GrainInterfaces.Errors;

/// <summary>One document cannot be stored; the others can.</summary>
/// <param name="code">Stable snake_case code.</param>
/// <param name="message">One sentence that says what to do.</param>
/// <param name="inner">The cause.</param>
[GenerateSerializer, Alias("quiver.error.invalid-document.v1")]
public sealed class InvalidDocumentException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.InvalidInput, inner);
