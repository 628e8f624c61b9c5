namespace Quiver.Core.Jobs;

/// <summary>A wait of the reader before it reads on.</summary>
/// <param name="Code">Why: a stable code.</param>
/// <param name="Message">Why: a sentence.</param>
internal readonly record struct ReadingStall(string Code, string Message);
