using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Postgres;

/// <summary>Checks <see cref="PostgresOptions"/> against the ranges on its properties; generated, so that starting reflects on nothing.</summary>
[OptionsValidator]
internal sealed partial class PostgresRangeValidator : IValidateOptions<PostgresOptions>;
