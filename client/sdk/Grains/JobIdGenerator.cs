namespace Quiver.Client.Grains;

/// <summary>Creates job ids that sort by creation time: 48 bits of milliseconds and 40 random bits in 18 base-32 characters. Thread-safe.</summary>
internal sealed class JobIdGenerator(TimeProvider time, Random random)
{
    // Crockford's alphabet: in ASCII order, without the letters that look like digits.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 18;
    private const int RandomBits = 40;

    private readonly Lock _lock = new();

    public JobId Next()
    {
        var milliseconds = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds() & ((1UL << 48) - 1);
        ulong noise;
        lock (_lock)
        {
            noise = (ulong)random.NextInt64(1L << RandomBits);
        }

        return JobId.Parse(string.Create(Length, ((UInt128)milliseconds << RandomBits) | noise, static (characters, bits) =>
        {
            for (var at = characters.Length - 1; at >= 0; at--, bits >>= 5)
            {
                characters[at] = Alphabet[(int)(bits & 31)];
            }
        }));
    }
}
