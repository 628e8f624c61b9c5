namespace Quiver.Tests.Support;

/// <summary>How a connection ends before its time.</summary>
/// <param name="Bytes">Bytes of answers that pass before.</param>
/// <param name="IsSilent">Whether nothing is heard of it from then on, instead of a reset.</param>
internal readonly record struct ConnectionEnd(int Bytes, bool IsSilent = false);
