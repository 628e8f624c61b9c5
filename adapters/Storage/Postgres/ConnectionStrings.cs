using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Looks at connection strings of the settings without repeating what they hold.</summary>
internal static class ConnectionStrings
{
    /// <summary>Whether it can be understood and says at least which database of which host.</summary>
    public static bool NamesDatabase(string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            return !string.IsNullOrWhiteSpace(builder.Host) && !string.IsNullOrWhiteSpace(builder.Database);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }
}
