using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Checks <see cref="PostgresOptions"/> against the rules on its properties; generated, so that starting reflects on nothing.</summary>
[OptionsValidator]
internal sealed partial class PostgresOptionsRules : IValidateOptions<PostgresOptions>;
