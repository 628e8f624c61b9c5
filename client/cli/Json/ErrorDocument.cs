namespace Quiver.Cli.Json;

/// <summary>What a command that fails prints with <c>--json</c>.</summary>
internal sealed record ErrorDocument(ErrorBody Error);
