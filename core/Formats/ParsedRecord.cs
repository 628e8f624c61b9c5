namespace Quiver.Core.Formats;

/// <summary>What a JSON object says as a document, before its place is known.</summary>
/// <param name="Id">The id from its own field, where it could be read.</param>
/// <param name="Text">The text; empty when there is a fault.</param>
/// <param name="Fields">The other fields.</param>
/// <param name="FaultCode">Null when it is a document.</param>
/// <param name="FaultReason">What is wrong, without the place.</param>
/// <param name="HidesOthers">Whether what is wrong may stand for other documents than the one in this place.</param>
internal readonly record struct ParsedRecord(
    string? Id,
    string Text,
    ImmutableArray<KeyValuePair<string, string>> Fields,
    string? FaultCode = null,
    string FaultReason = "",
    bool HidesOthers = false);
