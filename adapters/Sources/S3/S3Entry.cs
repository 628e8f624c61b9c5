using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Sources.S3;

/// <summary>An object that a walk came to.</summary>
/// <param name="Root">The index of its root.</param>
/// <param name="Key">Its key.</param>
/// <param name="Found">What is there; null for a named object that is gone.</param>
internal sealed record S3Entry(int Root, string Key, S3Object? Found);
