namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>A step of a database's schema; steps are numbered from 1 without gaps.</summary>
/// <param name="Version">The schema version after it, kept in <c>PRAGMA user_version</c>.</param>
/// <param name="Script">The statements, run in one transaction.</param>
internal sealed record SqliteMigration(int Version, string Script);
