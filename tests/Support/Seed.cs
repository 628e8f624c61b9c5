using System.Globalization;

namespace Quiver.Tests.Support;

/// <summary>Randomness that a failure can be repeated with: the seed is printed, and taken from <c>QUIVER_TEST_SEED</c> when that is set.</summary>
internal static class Seed
{
    private const string Variable = "QUIVER_TEST_SEED";

    public static int Value { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();

    public static string Text { get; } = string.Create(CultureInfo.InvariantCulture, $"{Variable}={Value}");

    /// <summary>Randomness of one test's own, so that it does not depend on which others run.</summary>
    public static Random For(string test)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(Text);

        // FNV-1a, because string hashes differ from process to process.
        return new(test.Aggregate(Value, static (hash, next) => unchecked((hash ^ next) * 16777619)));
    }
}
