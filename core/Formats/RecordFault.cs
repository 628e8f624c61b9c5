namespace Quiver.Core.Formats;

/// <summary>Why a record is no document.</summary>
/// <param name="Code">A code of <see cref="ErrorCodes"/>.</param>
/// <param name="Reason">One sentence that names the line and the byte offset.</param>
/// <param name="HidesOthers">True when it may stand for other documents than the one that its place names; see <see cref="GrainInterfaces.Workers.Document.HidesOthers"/>.</param>
public sealed record RecordFault(string Code, string Reason, bool HidesOthers = false);
