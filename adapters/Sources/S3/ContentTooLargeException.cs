namespace Quiver.Adapters.Sources.S3;

/// <summary>An object holds more than may be read of it; never leaves the adapter.</summary>
internal sealed class ContentTooLargeException(string message) : IOException(message);
