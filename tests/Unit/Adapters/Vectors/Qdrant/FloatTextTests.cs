using System.Globalization;
using System.Text;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Adapters.Vectors.Qdrant;

public sealed class FloatTextTests
{
    [Fact]
    public void Write_OfNumbersAsInEmbeddings_IsTheShortestThatReadsBack()
    {
        var random = Seed.For(nameof(Write_OfNumbersAsInEmbeddings_IsTheShortestThatReadsBack));

        for (var i = 0; i < 300_000; i++)
        {
            Check((random.NextSingle() - 0.5f) * MathF.Pow(10, -random.Next(5)));
        }
    }

    [Fact]
    public void Write_OfAnyFiniteNumber_IsTheShortestThatReadsBack()
    {
        var random = Seed.For(nameof(Write_OfAnyFiniteNumber_IsTheShortestThatReadsBack));

        for (var i = 0; i < 100_000; i++)
        {
            var value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (float.IsFinite(value))
            {
                Check(value);
            }
        }
    }

    [Theory]
    [InlineData(-0f)]
    [InlineData(0.5f)]
    [InlineData(-0.25f)]
    [InlineData(0.1f)]
    [InlineData(0.001f)]
    [InlineData(1e-4f)]
    [InlineData(0.99999994f)]
    [InlineData(0.09999999f)]
    [InlineData(1f)]
    [InlineData(16777216f)]
    [InlineData(float.Epsilon)]
    [InlineData(float.MaxValue)]
    [InlineData(float.MinValue)]
    public void Write_OfBorders_IsTheShortestThatReadsBack(float value) => Check(value);

    [Fact]
    public void Write_OfNeighboursOfPowersOfTwoAndTen_IsTheShortestThatReadsBack()
    {
        foreach (var start in Enumerable.Range(1, 14).Select(power => MathF.Pow(2, -power)).Concat([0.1f, 0.01f, 0.001f, 0.0001f]))
        {
            var (below, above) = (start, start);
            for (var i = 0; i < 500; i++)
            {
                Check(below = MathF.BitDecrement(below));
                Check(above = MathF.BitIncrement(above));
            }
        }
    }

    private static void Check(float value)
    {
        Span<byte> bytes = stackalloc byte[FloatText.MaxBytes];
        var text = Encoding.ASCII.GetString(bytes[..FloatText.Write(value, bytes)]);
        Assert.True(
            BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture)) == BitConverter.SingleToInt32Bits(value) && text.Length <= value.ToString("R", CultureInfo.InvariantCulture).Length,
            $"{Seed.Text}: {value:R} became {text}");
    }
}
