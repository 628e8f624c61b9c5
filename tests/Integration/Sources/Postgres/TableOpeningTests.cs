using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Sources.Postgres;

/// <summary>What cannot be read is refused before anything is read, with a sentence that says what to do.</summary>
public sealed class TableOpeningTests(PostgresServices services)
{
    private const string Docs = "CREATE TABLE docs (id int PRIMARY KEY, body text, nothing int, data json)";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_TableThatIsNotThere_SaysSo()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs);

        await RefusedAsync(schema, schema.Spec("Docs"), ErrorCodes.PathNotFound, $"no table or view {schema.Name}.Docs");
        await RefusedAsync(schema, schema.Spec("docs_pkey"), ErrorCodes.PathNotFound, "neither a table nor a view");
        var spec = schema.Spec("docs");
        await RefusedAsync(schema, spec with { Table = spec.Table! with { Schema = "none" } }, ErrorCodes.PathNotFound, "none.docs");
    }

    [Fact]
    public async Task Open_ColumnThatIsNotThere_NamesThoseThatAre()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs);
        var spec = schema.Spec("docs");

        await RefusedAsync(schema, spec with { Table = spec.Table! with { TextColumns = ["Body"] } }, ErrorCodes.InvalidOption, "no column 'Body'; it has id, body, nothing, data");
        await RefusedAsync(schema, schema.Spec("docs", "key"), ErrorCodes.InvalidOption, "'key'");
        await RefusedAsync(schema, spec with { Table = spec.Table! with { IdColumns = ["ctid"] } }, ErrorCodes.InvalidOption, "'ctid'");
        await RefusedAsync(schema, spec with { Table = spec.Table! with { MetadataColumns = ["m"] } }, ErrorCodes.InvalidOption, "'m'");
        await RefusedAsync(schema, spec with { Table = spec.Table! with { SinceColumn = "s", Since = "1" } }, ErrorCodes.InvalidOption, "'s'");
    }

    [Fact]
    public async Task Open_KeyThatCannotBeOne_IsRefused()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs + "; CREATE TABLE heap (id int NOT NULL, body text); CREATE VIEW seen AS SELECT * FROM docs");

        await RefusedAsync(schema, schema.Spec("docs", "nothing"), ErrorCodes.InvalidOption, "may be null");
        await RefusedAsync(schema, schema.Spec("heap"), ErrorCodes.InvalidOption, "no primary key");
        await RefusedAsync(schema, schema.Spec("seen"), ErrorCodes.InvalidOption, "no primary key");
        await RefusedAsync(schema, schema.Spec("seen", "data"), ErrorCodes.InvalidOption, "json");
    }

    [Theory]
    [InlineData("missing = 1", "the value of --where for")]
    [InlineData("missing = 1", "missing")]
    [InlineData("id", "boolean")]
    [InlineData("id = 'x'", "the value of --where for")]
    [InlineData("id = 'x'", "integer")]
    [InlineData("id = (SELECT 1 FROM", "parenthesis")]
    [InlineData("true) OR (true", "parenthesis")]
    [InlineData("true; DROP TABLE docs", "semicolon")]
    [InlineData("true -- and nothing more", "comment")]
    [InlineData("true AND", "syntax")]
    public async Task Open_ConditionThatIsNone_IsRefused(string where, string word)
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs);
        var spec = schema.Spec("docs");

        await RefusedAsync(schema, spec with { Table = spec.Table! with { Where = where } }, ErrorCodes.InvalidOption, word);
    }

    [Fact]
    public async Task Open_BoundThatDoesNotFitItsColumn_IsRefused()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs);
        var spec = schema.Spec("docs");

        await RefusedAsync(schema, spec with { Table = spec.Table! with { SinceColumn = "id", Since = "yesterday" } }, ErrorCodes.InvalidOption, "yesterday");
        await RefusedAsync(schema, spec with { Table = spec.Table! with { SinceColumn = "id", Since = "yesterday" } }, ErrorCodes.InvalidOption, "the value of --since for");
        await RefusedAsync(schema, spec with { Table = spec.Table! with { SinceColumn = "id", Since = "yesterday", Where = "true" } }, ErrorCodes.InvalidOption, "the value of --where or --since for");
    }

    [Fact]
    public async Task Read_ConditionThatWrites_IsRefusedAndWritesNothing()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs + $"; INSERT INTO docs VALUES (1, 'Text'); CREATE FUNCTION spoil() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN DELETE FROM {schema.Name}.docs; RETURN true; END $$");
        var spec = schema.Spec("docs");

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => schema.ReadAsync(spec with { Table = spec.Table! with { Where = $"{schema.Name}.spoil()" } }));

        Assert.Contains("writes", error.Message, StringComparison.Ordinal);
        Assert.Single(await schema.ListAsync("SELECT body FROM docs"));
    }

    [Fact]
    public async Task Open_WrongPassword_IsDeniedWithoutRepeatingIt()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs);
        var factory = schema.Factory(options => options.Connections[PostgresSchema.Connection].ConnectionString += ";Password=wr0ng");

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => factory.OpenAsync(schema.Spec("docs"), Token));

        Assert.Equal(ErrorCodes.SourceDenied, error.Code);
        Assert.Contains("PGPASSWORD", error.Message, StringComparison.Ordinal);
        Assert.Contains("Quiver:Postgres:Connections:NAME", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoPassword_SaysWhereToGiveOne()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs);

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            schema.Factory().OpenAsync(schema.Spec("docs") with { Paths = [$"postgres://app@127.0.0.1:{schema.Server.Port}/postgres"] }, Token));

        Assert.Equal(ErrorCodes.SourceDenied, error.Code);
        Assert.Contains("PGPASSWORD", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_RoleThatMayNotRead_IsDenied()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs + $"; CREATE ROLE reader_{schema.Name} LOGIN PASSWORD 'secret'; GRANT USAGE ON SCHEMA {schema.Name} TO reader_{schema.Name}");
        var factory = schema.Factory(options => options.Connections[PostgresSchema.Connection].ConnectionString += $";Username=reader_{schema.Name}");

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => factory.OpenAsync(schema.Spec("docs"), Token));

        Assert.Equal(ErrorCodes.SourceDenied, error.Code);
        Assert.Contains("permission denied", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_DatabaseThatIsNotThere_SaysSo()
    {
        using var schema = await services.NewSchemaAsync();
        var factory = schema.Factory(options => options.Connections[PostgresSchema.Connection].ConnectionString += ";Database=none");

        Assert.Equal(ErrorCodes.PathNotFound, (await Assert.ThrowsAsync<InvalidRequestException>(() => factory.OpenAsync(schema.Spec("docs"), Token))).Code);
    }

    [Fact]
    public async Task Open_NobodyAnswers_IsAFaultThatMayPass()
    {
        using var schema = await services.NewSchemaAsync();

        var error = await Assert.ThrowsAsync<TransientException>(() => schema.Factory(port: 1).OpenAsync(schema.Spec("docs"), Token));

        Assert.Equal(ErrorCodes.SourceUnavailable, error.Code);
    }

    [Fact]
    public async Task Read_PageThatTakesTooLong_IsStoppedByTheServer()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(Docs + "; INSERT INTO docs VALUES (1, 'Text')");
        var spec = schema.Spec("docs");

        var error = await Assert.ThrowsAsync<TransientException>(() => schema.ReadAsync(
            spec with { Table = spec.Table! with { Where = "pg_sleep(60) IS NOT NULL" } }, options => options.StatementTimeout = TimeSpan.FromSeconds(1)));

        Assert.Equal(ErrorCodes.Timeout, error.Code);
        Assert.Contains("StatementTimeout", error.Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(PostgresSchema schema, SourceSpec spec, string code, string words)
    {
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => schema.OpenAsync(spec));
        Assert.Equal(code, error.Code);
        Assert.Contains(words, error.Message, StringComparison.OrdinalIgnoreCase);
    }
}
