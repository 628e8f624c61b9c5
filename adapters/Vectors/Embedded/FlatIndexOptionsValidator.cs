using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Checks <see cref="FlatIndexOptions"/> and says of every fault at once what to change.</summary>
internal sealed class FlatIndexOptionsValidator : IValidateOptions<FlatIndexOptions>
{
    public ValidateOptionsResult Validate(string? name, FlatIndexOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (string.IsNullOrWhiteSpace(options.Directory))
        {
            result.AddError("Quiver:FlatIndex:Directory is empty: name the folder for vectors.");
        }

        CheckRange(result, nameof(options.SearchThreads), options.SearchThreads, 1, 256);
        CheckRange(result, nameof(options.ConcurrentReads), options.ConcurrentReads, 1, 16);
        CheckRange(result, nameof(options.SegmentBytes), options.SegmentBytes, 1 << 20, 1 << 30);
        CheckRange(result, nameof(options.MaxCollections), options.MaxCollections, 1, 1024);
        return result.Build();
    }

    private static void CheckRange(ValidateOptionsResultBuilder result, string setting, int value, int lowest, int highest)
    {
        if (value < lowest || value > highest)
        {
            result.AddError($"Quiver:FlatIndex:{setting} is {value}: set it from {lowest} to {highest}.");
        }
    }
}
