namespace Quiver.Tests.Support;

/// <summary>The process dies here.</summary>
public sealed class CrashException(string step) : Exception($"Crashed {step}.");
