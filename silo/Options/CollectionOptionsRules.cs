using Microsoft.Extensions.Options;
using Quiver.Core.Collections;

namespace Quiver.Silo.Options;

/// <summary>Checks <see cref="CollectionOptions"/> against the rules on its properties; generated, so that starting reflects on nothing.</summary>
[OptionsValidator]
internal sealed partial class CollectionOptionsRules : IValidateOptions<CollectionOptions>;
