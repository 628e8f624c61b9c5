using Microsoft.Extensions.Options;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>Checks <see cref="ClusterOptions"/> against the rules on its properties; generated, so that starting reflects on nothing.</summary>
[OptionsValidator]
internal sealed partial class ClusterOptionsRules : IValidateOptions<ClusterOptions>;
