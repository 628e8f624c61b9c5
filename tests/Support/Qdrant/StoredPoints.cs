using System.Runtime.InteropServices;
using Quiver.Core.Vectors;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>Compares the points of two stand-ins, except time, generation and epoch.</summary>
internal static class StoredPoints
{
    private static readonly string[] OfTheRun = [PayloadFields.IndexedAt, PayloadFields.Epoch, PayloadFields.Generation];

    /// <summary>Fails unless both are the same.</summary>
    public static void AssertSame(IReadOnlyList<StandInPoint> expected, IReadOnlyList<StandInPoint> actual, string context)
    {
        AssertWithin(expected, actual, context);
        Assert.True(expected.Count > 20, "The sample is too small.");
        Assert.True(expected.Count == actual.Count, $"{context}: {expected.Count} points were expected and {actual.Count} are there.");
    }

    /// <summary>Fails unless each point is one of the expected ones.</summary>
    public static void AssertWithin(IReadOnlyList<StandInPoint> expected, IReadOnlyList<StandInPoint> actual, string context)
    {
        var wrong = actual.Select(Describe).Except(expected.Select(Describe)).ToList();
        Assert.True(wrong.Count == 0, $"{context}: {wrong.Count} of {actual.Count} points are none of an undisturbed run, such as {wrong.FirstOrDefault()}");
    }

    private static string Describe(StandInPoint point)
    {
        var payload = point.Payload.DeepClone().AsObject();
        foreach (var field in OfTheRun)
        {
            payload.Remove(field);
        }

        return $"{point.Id} {Convert.ToBase64String(MemoryMarshal.AsBytes<float>(point.Vector))} {payload.ToJsonString()}";
    }
}
