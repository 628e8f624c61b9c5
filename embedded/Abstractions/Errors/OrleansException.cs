namespace Orleans.Runtime;

/// <summary>An error of the runtime.</summary>
public class OrleansException : Exception
{
    /// <summary>Creates an error.</summary>
    public OrleansException()
        : base("Unexpected error.")
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">A sentence.</param>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">A sentence.</param>
    /// <param name="innerException">The cause.</param>
    public OrleansException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
