namespace Quiver.Cli.Json;

/// <summary>An error's stable code and its sentence.</summary>
internal sealed record ErrorBody(string Code, string Message);
