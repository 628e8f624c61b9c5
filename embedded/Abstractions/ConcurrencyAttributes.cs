namespace Orleans.Concurrency;

/// <summary>A method that changes no state: may run beside other read-only requests.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>A method that may run during any other request of its activation.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>A method whose caller does not wait for it and never learns of its failure.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class OneWayAttribute : Attribute;

/// <summary>A grain class whose requests interleave at awaits.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>A grain class without identity, of which each silo holds up to <paramref name="maxLocalWorkers"/> activations a key.</summary>
/// <param name="maxLocalWorkers">The bound; −1 takes the number of processors.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StatelessWorkerAttribute(int maxLocalWorkers = -1) : Attribute
{
    /// <summary>The bound as given.</summary>
    public int MaxLocalWorkers { get; } = maxLocalWorkers;
}
