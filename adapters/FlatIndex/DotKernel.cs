using System.Runtime.Intrinsics;

namespace Quiver.Adapters.FlatIndex;

/// <summary>Dot products of one query with four rows in one pass. Each row is summed in the same order wherever it stands, so equal rows score equal.</summary>
internal static unsafe class DotKernel
{
    /// <summary>Scores four rows.</summary>
    /// <param name="query">The query, padded with zeros.</param>
    /// <param name="rows">Four rows; the same one may stand there more than once.</param>
    /// <param name="floats">Numbers in a row, a multiple of 16.</param>
    /// <param name="scores">Takes four cosines, −1 to 1.</param>
    public static void Score(float* query, float** rows, int floats, float* scores)
    {
        var sums = Vector512.IsHardwareAccelerated ? Sum512(query, rows, floats) : Sum256(query, rows, floats);
        Vector128.Min(Vector128.Max(sums, Vector128<float>.One * -1), Vector128<float>.One).Store(scores);
    }

    private static Vector128<float> Sum512(float* query, float** rows, int floats)
    {
        float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = rows[3];
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var i = 0; i < floats; i += Vector512<float>.Count)
        {
            var q = Vector512.Load(query + i);
            s0 = Vector512.FusedMultiplyAdd(q, Vector512.Load(r0 + i), s0);
            s1 = Vector512.FusedMultiplyAdd(q, Vector512.Load(r1 + i), s1);
            s2 = Vector512.FusedMultiplyAdd(q, Vector512.Load(r2 + i), s2);
            s3 = Vector512.FusedMultiplyAdd(q, Vector512.Load(r3 + i), s3);
        }

        return Vector128.Create(Vector512.Sum(s0), Vector512.Sum(s1), Vector512.Sum(s2), Vector512.Sum(s3));
    }

    private static Vector128<float> Sum256(float* query, float** rows, int floats)
    {
        float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = rows[3];
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var i = 0; i < floats; i += Vector256<float>.Count)
        {
            var q = Vector256.Load(query + i);
            s0 = Vector256.MultiplyAddEstimate(q, Vector256.Load(r0 + i), s0);
            s1 = Vector256.MultiplyAddEstimate(q, Vector256.Load(r1 + i), s1);
            s2 = Vector256.MultiplyAddEstimate(q, Vector256.Load(r2 + i), s2);
            s3 = Vector256.MultiplyAddEstimate(q, Vector256.Load(r3 + i), s3);
        }

        return Vector128.Create(Vector256.Sum(s0), Vector256.Sum(s1), Vector256.Sum(s2), Vector256.Sum(s3));
    }
}
