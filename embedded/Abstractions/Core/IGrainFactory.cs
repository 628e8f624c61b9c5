namespace Orleans;

/// <summary>Makes references to grains. No call is made, and no grain activated, before a method of the reference is called.</summary>
public interface IGrainFactory
{
    /// <summary>A reference to the grain with this key.</summary>
    /// <typeparam name="TGrainInterface">Its interface.</typeparam>
    /// <param name="primaryKey">Its key; not blank.</param>
    /// <param name="grainClassNamePrefix">Start of the class's full name, where several implement the interface.</param>
    /// <exception cref="ArgumentException">The key is blank, or not exactly one class implements the interface.</exception>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>A reference to the grain with this key.</summary>
    /// <typeparam name="TGrainInterface">Its interface.</typeparam>
    /// <param name="primaryKey">Its key.</param>
    /// <param name="grainClassNamePrefix">Start of the class's full name, where several implement the interface.</param>
    /// <exception cref="ArgumentException">Not exactly one class implements the interface.</exception>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;
}
