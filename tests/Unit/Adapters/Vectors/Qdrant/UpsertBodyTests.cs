using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Tests.Integration.Vectors.Qdrant;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Adapters.Vectors.Qdrant;

public sealed class UpsertBodyTests
{
    [Fact]
    public void Body_OfAnyFloats_ReadsBackBitForBitInTheShortestForm()
    {
        var random = Seed.For(nameof(Body_OfAnyFloats_ReadsBackBitForBitInTheShortestForm));
        var vector = Enumerable.Range(0, 20_000).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))).Where(float.IsFinite).ToArray();
        var buffer = new PooledBuffer(1024);

        var end = UpsertBody.Write(buffer, [QdrantSamples.Point(1, vector: vector)], 0, 1, null, int.MaxValue);

        using var body = JsonDocument.Parse(buffer.Written);
        var numbers = body.RootElement.GetProperty("points")[0].GetProperty("vector").GetProperty("dense").EnumerateArray().ToList();
        Assert.Equal(1, end);
        Assert.Equal(vector.Select(BitConverter.SingleToInt32Bits), numbers.Select(number => BitConverter.SingleToInt32Bits(number.GetSingle())));
        Assert.All(numbers.Zip(vector), pair => Assert.InRange(pair.First.GetRawText().Length, 1, pair.Second.ToString("R", CultureInfo.InvariantCulture).Length));
    }

    [Fact]
    public void Body_BoundedInBytes_HoldsEveryPointOnceAndInOrder() => Prop.ForAll(
        Gen.Choose(1, 60).SelectMany(count => Gen.Choose(200, 20_000).Select(bytes => (count, bytes))).ToArbitrary(),
        sample =>
        {
            var points = Enumerable.Range(0, sample.count).Select(i => QdrantSamples.Point(i)).ToList();
            List<string> ids = [];
            var next = 0;
            while (next < points.Count)
            {
                var buffer = new PooledBuffer(64);
                var end = UpsertBody.Write(buffer, points, next, points.Count, new(QdrantSamples.Docs) { ReplaceableBy = (1, 1) }, sample.bytes);
                using var body = JsonDocument.Parse(buffer.Written);
                var written = body.RootElement.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("id").GetString()!).ToList();
                Assert.Equal(end - next, written.Count);
                Assert.True(body.RootElement.TryGetProperty("update_filter", out _));
                ids.AddRange(written);
                next = end;
                buffer.Release();
            }

            return ids.SequenceEqual(points.Select(point => point.Id.ToString()));
        }).QuickCheckThrowOnFailure();
}
