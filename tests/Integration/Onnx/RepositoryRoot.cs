using Quiver.Tests.Unit.Architecture;

namespace Quiver.Tests.Integration.Onnx;

/// <summary>Where the sources are.</summary>
internal static class RepositoryRoot
{
    /// <summary>The tiny BERT that models/convert.mjs writes for these tests.</summary>
    public static string TinyBert => Path.Combine(SourceTree.Root, "models", "out", "tiny-bert");
}
