namespace Orleans.Storage;

/// <summary>Turns grain state into bytes and back.</summary>
public interface IGrainStorageSerializer
{
    /// <summary>Writes a state.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="input">The state.</param>
    BinaryData Serialize<T>(T? input);

    /// <summary>Reads a state.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="input">What <see cref="Serialize{T}"/> wrote.</param>
    T? Deserialize<T>(BinaryData input);
}
