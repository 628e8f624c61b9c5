using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Cli.Doctor;

namespace Quiver.Silo.Doctor;

/// <summary>The database that the silos of a cluster share answers, and its schema is one that this program knows.</summary>
/// <param name="settings">Reads the settings.</param>
internal sealed class ClusterDatabaseCheck(Func<IConfiguration> settings) : IDoctorCheck
{
    /// <summary>What a server keeps for its administrators, and others may need.</summary>
    private const int Reserve = 10;

    public string Name => "cluster database";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var options = new PostgresClusterOptions();
        try
        {
            settings().GetSection(PostgresClusterOptions.Section).Bind(options);
        }
        catch (Exception error) when (error is QuiverException or InvalidOperationException)
        {
            return DoctorResult.Fail(error.Message, SettingsCheck.Advice);
        }

        var valid = new PostgresClusterOptionsValidator().Validate(null, options);
        return valid.Failed ? DoctorResult.Fail(valid.FailureMessage, SettingsCheck.Advice) : await AskAsync(options, cancellationToken);
    }

    private static async Task<DoctorResult> AskAsync(PostgresClusterOptions options, CancellationToken cancellationToken)
    {
        await using var database = new ClusterDatabase(Microsoft.Extensions.Options.Options.Create(options));
        try
        {
            return Judge(await ClusterDatabaseInfo.ReadAsync(database, cancellationToken), database.Address, options);
        }
        catch (QuiverException error)
        {
            return DoctorResult.Fail(error.Message, $"Start PostgreSQL, or set {PostgresClusterOptions.Section}:{nameof(PostgresClusterOptions.ConnectionString)}.");
        }
    }

    private static DoctorResult Judge(ClusterDatabaseInfo info, string place, PostgresClusterOptions options)
    {
        var known = ClusterDatabaseInfo.KnownVersion;
        var schema = info.SchemaVersion == known ? $"schema '{options.Schema}' of version {known}"
            : info.SchemaVersion < known ? $"schema '{options.Schema}' of version {info.SchemaVersion}, which a starting silo brings to {known}"
            : $"schema '{options.Schema}' of version {info.SchemaVersion}, which is newer than this program's {known}";
        var found = $"PostgreSQL {info.Server} at {place}, {schema}.";
        return info.SchemaVersion > known ? DoctorResult.Fail(found, "Install the Quiver that the other silos have.")
            : info.MaxConnections < options.MaxPoolSize + Reserve
                ? DoctorResult.Warn(
                    $"{found} It allows {info.MaxConnections} connections, and each silo may take {options.MaxPoolSize}.",
                    $"Raise max_connections of the server, or lower {PostgresClusterOptions.Section}:{nameof(options.MaxPoolSize)}.")
            : DoctorResult.Ok(found);
    }
}
