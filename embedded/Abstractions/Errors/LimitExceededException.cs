namespace Orleans.Runtime;

/// <summary>A bounded queue of the runtime is full.</summary>
/// <param name="message">A sentence.</param>
public sealed class LimitExceededException(string message) : OrleansException(message);
