
using Quiver.Core.Collections;

namespace Quiver.Silo.Options;

/// <summary>Reads how shared physical collections are stored: <c>Quiver:Collections:SharedStorage</c>.</summary>
internal static class SharedStorage
{
    // Called by name, so that it is not replaced by generated code, which leaves out members that cannot be set later, all of them here.
    private static readonly Func<IConfiguration, Type, object?> Reader = ConfigurationBinder.Get;

    /// <summary>The settings; null where there are none.</summary>
    /// <param name="configuration">All settings.</param>
    /// <exception cref="InvalidOperationException">A value is none of its kind.</exception>
    public static StorageSettings? Read(IConfiguration configuration) =>
        (StorageSettings?)Reader(configuration.GetSection($"Quiver:Collections:{nameof(CollectionOptions.SharedStorage)}"), typeof(StorageSettings));
}
