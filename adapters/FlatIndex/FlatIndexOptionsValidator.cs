using Microsoft.Extensions.Options;

namespace Quiver.Adapters.FlatIndex;

/// <summary>Checks the annotations of <see cref="FlatIndexOptions"/>, all at once.</summary>
[OptionsValidator]
internal sealed partial class FlatIndexOptionsValidator : IValidateOptions<FlatIndexOptions>;
