using System.ComponentModel.DataAnnotations;
using Quiver.Core.Formats;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>How tables of PostgreSQL are read: section <c>Quiver:Postgres</c>.</summary>
public sealed class PostgresOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Quiver:Postgres";

    /// <summary>Connections by name, for <c>postgres://name</c>; this is where passwords belong. Default: none.</summary>
    public IDictionary<string, PostgresConnectionOptions> Connections { get; } = new Dictionary<string, PostgresConnectionOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether jobs may only name <see cref="Connections"/>, and no host of their own choice. Default: false.</summary>
    public bool OnlyNamedConnections { get; set; }

    /// <summary>The most rows of a page, 1 to 10,000. Default: 500.</summary>
    [Range(1, 10_000)]
    public int PageRows { get; set; } = 500;

    /// <summary>The bytes of a page after which no further row is fetched, 65,536 to 67,108,864. Default: 8,388,608 (8 MiB).</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int PageBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The largest document in bytes where a source does not say, 1 to 67,108,864. Default: 4,194,304 (4 MiB).</summary>
    [Range(1, RecordConstants.LargestMaxDocumentBytes)]
    public int MaxDocumentBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How long connecting may take, and waiting for a connection of the pool, 1 s to 5 min. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the database may work on one page, 1 s to 1 h. Default: 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most connections to one database, 1 to 100. Default: 8.</summary>
    [Range(1, 100)]
    public int MaxPoolSize { get; set; } = 8;
}
