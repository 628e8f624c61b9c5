using Microsoft.Extensions.Options;
using Quiver.Core.Jobs;

namespace Quiver.Silo.Options;

/// <summary>Checks <see cref="JobOptions"/> against the rules on its properties; generated, so that starting reflects on nothing.</summary>
[OptionsValidator]
internal sealed partial class JobOptionsRules : IValidateOptions<JobOptions>;
