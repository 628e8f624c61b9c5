using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Sqlite;

/// <summary>Checks the annotations of <see cref="LedgerOptions"/>, all at once.</summary>
[OptionsValidator]
internal sealed partial class LedgerOptionsValidator : IValidateOptions<LedgerOptions>;
