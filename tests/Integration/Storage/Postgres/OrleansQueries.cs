using System.Data;
using Npgsql;
using Quiver.Adapters.Storage.Postgres;

namespace Quiver.Tests.Integration.Storage.Postgres;

/// <summary>Runs the stored queries as Orleans' AdoNet providers do: text by key, parameters by name and <see cref="DbType"/>, columns by name.</summary>
internal sealed class OrleansQueries(ClusterDatabase database, IReadOnlyDictionary<string, string> texts)
{
    public IEnumerable<string> Keys => texts.Keys;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<OrleansQueries> LoadAsync(ClusterDatabase database)
    {
        await using var command = database.DataSource.CreateCommand("SELECT QueryKey, QueryText FROM OrleansQuery");
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(Cancel))
        {
            texts.Add((string)reader["QueryKey"], (string)reader["QueryText"]);
        }

        return new(database, texts);
    }

    /// <summary>The rows, each a lookup of its columns by name, null for null.</summary>
    public async Task<List<Func<string, object?>>> ReadAsync(string key, params (string Name, DbType Type, object? Value)[] parameters)
    {
        await using var command = Command(key, parameters);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        List<Func<string, object?>> rows = [];
        while (await reader.ReadAsync(Cancel))
        {
            var row = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
            for (var column = 0; column < reader.FieldCount; column++)
            {
                row[reader.GetName(column)] = await reader.IsDBNullAsync(column, Cancel) ? null : reader.GetValue(column);
            }

            rows.Add(column => row[column]);
        }

        return rows;
    }

    /// <summary>The one value of the one row.</summary>
    public async Task<bool> DecideAsync(string key, params (string Name, DbType Type, object? Value)[] parameters)
    {
        await using var command = Command(key, parameters);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await reader.ReadAsync(Cancel));
        Assert.Equal(1, reader.FieldCount);
        return Convert.ToBoolean(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task ExecuteAsync(string key, params (string Name, DbType Type, object? Value)[] parameters)
    {
        await using var command = Command(key, parameters);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private NpgsqlCommand Command(string key, (string Name, DbType Type, object? Value)[] parameters)
    {
        var command = database.DataSource.CreateCommand(texts[key]);
        foreach (var (name, type, value) in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { ParameterName = name, Value = value ?? DBNull.Value, DbType = type });
        }

        return command;
    }
}
