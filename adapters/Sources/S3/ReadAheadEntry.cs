namespace Quiver.Adapters.Sources.S3;

/// <summary>An object that a walk came to, and what was read ahead of it.</summary>
/// <param name="Entry">The object.</param>
/// <param name="Content">All of its bytes, or what reading them ended with; null when they are read as they are needed.</param>
internal readonly record struct ReadAheadEntry(S3Entry Entry, Task<byte[]>? Content);
