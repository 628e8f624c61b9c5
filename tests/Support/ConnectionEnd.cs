namespace Quiver.Tests.Support;

/// <summary>How a connection ends before its time: in the middle of answers, or with another answer than the server's.</summary>
/// <param name="Bytes">Bytes of answers that pass before.</param>
/// <param name="IsSilent">Whether nothing is heard of it from then on, instead of a reset.</param>
/// <param name="Answer">What is answered instead of asking the server, a whole message of HTTP; null asks it.</param>
internal readonly record struct ConnectionEnd(int Bytes, bool IsSilent = false, string? Answer = null);
