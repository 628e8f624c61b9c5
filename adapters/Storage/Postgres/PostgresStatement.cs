using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>One statement with its values.</summary>
/// <param name="Sql">Parameters are <c>$1</c>, <c>$2</c> and so on.</param>
/// <param name="Parameters">In that order.</param>
internal sealed record PostgresStatement(string Sql, params IReadOnlyList<NpgsqlParameter> Parameters)
{
    /// <summary>A parameter of the type that PostgreSQL has for <typeparamref name="T"/>, whether or not there is a value.</summary>
    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    public NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Sql);
        foreach (var parameter in Parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
