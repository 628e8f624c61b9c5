namespace Quiver.Client.Grains;

/// <summary>Makes job ids that sort by the time they were made: 18 lower-case base-32 characters, 48 bits of milliseconds and 40 of randomness. Thread-safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="random">The randomness; used under a lock.</param>
internal sealed class JobIdGenerator(TimeProvider time, Random random)
{
    // Crockford's alphabet: in ASCII order, without the letters that are mistaken for digits.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 18;
    private const int RandomBits = 40;

    private readonly Lock _lock = new();

    /// <summary>The next id.</summary>
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
