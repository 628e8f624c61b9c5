namespace Quiver.Bench.Embedding;

/// <summary>Floating-point operations by the clock and by the processor time of this process.</summary>
internal readonly record struct Speed(double PerSecond, double PerProcessorSecond)
{
    /// <summary>The better of two rounds, each measure for itself.</summary>
    public Speed Better(Speed other) => new(Math.Max(PerSecond, other.PerSecond), Math.Max(PerProcessorSecond, other.PerProcessorSecond));
}
