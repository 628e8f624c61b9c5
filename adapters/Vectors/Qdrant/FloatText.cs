using System.Globalization;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Writes floats in the shortest decimal form that reads back as the same float. Most numbers of embeddings lie between 0.0001 and 1: for
/// them, the few candidates are tried in double arithmetic, which is exact enough to tell on which side of the borders to the neighbouring
/// floats a candidate lies; where it lies too near to tell, and for all other numbers, the framework does it.
/// </summary>
internal static class FloatText
{
    /// <summary>The most bytes that a number takes.</summary>
    public const int MaxBytes = 16;

    // Decimals of six digits lie farther apart than floats, so at most one of them reads back as a given float, and a shorter form is that
    // one with zeros at its end. Of seven digits there may be two.
    private const int FewestDigits = 6;
    private const int MostDigits = 9;
    private const float Least = 1e-4f;
    private const double Blur = 1e-15;

    private static readonly double[] Powers = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

    /// <summary>Writes a number.</summary>
    /// <param name="value">The number, finite.</param>
    /// <param name="destination">At least <see cref="MaxBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(float value, Span<byte> destination)
    {
        var magnitude = Math.Abs(value);
        if (magnitude is >= Least and < 1)
        {
            var zeros = magnitude >= 0.1f ? 0 : magnitude >= 0.01f ? 1 : magnitude >= 0.001f ? 2 : 3;
            var (digits, length) = FindDigits(magnitude, zeros);
            if (length > 0)
            {
                return Write(value < 0, zeros, digits, length, destination);
            }
        }

        return value.TryFormat(destination, out var written, default, CultureInfo.InvariantCulture)
            ? written
            : throw new ArgumentException($"A number takes up to {MaxBytes} bytes.", nameof(destination));
    }

    /// <summary>The digits behind the zeros, and how many they are; 0 where that cannot be told.</summary>
    private static (uint Digits, int Length) FindDigits(float magnitude, int zeros)
    {
        double exact = magnitude;
        var bits = BitConverter.SingleToInt32Bits(magnitude);
        var lower = (exact + BitConverter.Int32BitsToSingle(bits - 1)) / 2;
        var upper = (exact + BitConverter.Int32BitsToSingle(bits + 1)) / 2;
        var blur = exact * Blur;
        for (var length = FewestDigits; length <= MostDigits; length++)
        {
            var power = Powers[zeros + length];
            var candidate = (long)((exact * power) + 0.5);
            var read = candidate / power;
            if (read > lower + blur && read < upper - blur)
            {
                return candidate < (long)Powers[length] ? ((uint)candidate, length) : default;
            }

            if (read > lower - blur && read < upper + blur)
            {
                return default;
            }
        }

        return default;
    }

    private static int Write(bool isNegative, int zeros, uint digits, int length, Span<byte> destination)
    {
        while (digits % 10 == 0)
        {
            digits /= 10;
            length--;
        }

        var at = 0;
        if (isNegative)
        {
            destination[at++] = (byte)'-';
        }

        destination[at++] = (byte)'0';
        destination[at++] = (byte)'.';
        destination.Slice(at, zeros).Fill((byte)'0');
        at += zeros;
        for (var i = at + length - 1; i >= at; i--)
        {
            (digits, var digit) = Math.DivRem(digits, 10);
            destination[i] = (byte)('0' + digit);
        }

        return at + length;
    }
}
