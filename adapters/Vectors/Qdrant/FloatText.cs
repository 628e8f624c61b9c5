using System.Globalization;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Writes floats in the shortest decimal form that reads back as the same float. Most numbers of embeddings are between 0.0001 and 1: for
/// these, it tries the few candidates in double arithmetic, which is exact enough to decide whether a candidate rounds to the float or to a
/// neighbor. Candidates too close to a rounding boundary, and all other numbers, are formatted by the framework.
/// </summary>
internal static class FloatText
{
    /// <summary>The maximum bytes of a number.</summary>
    public const int MaxBytes = 16;

    // Six-digit decimals are farther apart than floats, so at most one reads back as a given float; a shorter form is that decimal with
    // trailing zeros. Of seven digits there may be two.
    private const int MinDigits = 6;
    private const int MaxDigits = 9;
    private const float MinMagnitude = 1e-4f;
    private const double RelativeError = 1e-15;

    private static readonly double[] Powers = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

    /// <summary>Writes a finite number; returns the bytes written.</summary>
    public static int Write(float value, Span<byte> destination)
    {
        var magnitude = Math.Abs(value);
        if (magnitude is >= MinMagnitude and < 1)
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

    /// <summary>The digits after the leading zeros and their count; 0 when that cannot be decided.</summary>
    private static (uint Digits, int Length) FindDigits(float magnitude, int zeros)
    {
        double exact = magnitude;
        var bits = BitConverter.SingleToInt32Bits(magnitude);
        var lower = (exact + BitConverter.Int32BitsToSingle(bits - 1)) / 2;
        var upper = (exact + BitConverter.Int32BitsToSingle(bits + 1)) / 2;
        var margin = exact * RelativeError;
        for (var length = MinDigits; length <= MaxDigits; length++)
        {
            var power = Powers[zeros + length];
            var candidate = (long)((exact * power) + 0.5);
            var read = candidate / power;
            if (read > lower + margin && read < upper - margin)
            {
                return candidate < (long)Powers[length] ? ((uint)candidate, length) : default;
            }

            if (read > lower - margin && read < upper + margin)
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
