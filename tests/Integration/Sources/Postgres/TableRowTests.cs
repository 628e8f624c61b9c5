using Quiver.Adapters.Sources.Postgres;
using Quiver.GrainInterfaces.Workers;
using Quiver.Tests.Services;

namespace Quiver.Tests.Integration.Sources.Postgres;

/// <summary>What becomes of rows: documents, or faults of their own that leave the others alone.</summary>
public sealed class TableRowTests(PostgresServices services)
{
    [Fact]
    public async Task Row_Columns_BecomeIdTextAndMetadata()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(
            """
            CREATE TABLE docs (id int PRIMARY KEY, slug text, title varchar(20), body text, "table" text, tags text[], price numeric(8,2), public bool, at timestamptz, doc jsonb, text text, none text);
            INSERT INTO docs VALUES (7, 'a/b', 'Title', 'Body', 'mine', '{x,"y z"}', 12.50, true, '2026-01-02 03:04:05+01', '{"a": [1]}', 'T', null);
            """);
        var spec = schema.Spec("docs");

        var item = Assert.Single(await schema.ReadAsync(spec with
        {
            Format = DocumentFormat.Markdown,
            Table = spec.Table! with { IdColumns = ["slug"], TextColumns = ["title", "none", "body"], MetadataColumns = ["table", "tags", "price", "public", "at", "doc", "text", "none"] },
        })).Item;

        Assert.Equal(("a/b", true, "Title\n\nBody", DocumentFormat.Markdown), (item.Id, item.HasExplicitId, item.Text, item.Format));
        Assert.Equal($"postgres://{PostgresSchema.Connection}#{schema.Name}.docs", item.Origin);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["table"] = $"{schema.Name}.docs",
                ["source_table"] = "mine",
                ["tags"] = "{x,\"y z\"}",
                ["price"] = "12.50",
                ["public"] = "true",
                ["at"] = "2026-01-02 02:04:05+00",
                ["doc"] = "{\"a\": [1]}",
                ["source_text"] = "T",
            },
            item.Metadata);
    }

    [Fact]
    public async Task Row_WithoutText_FailsAlone()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE TABLE docs (id int PRIMARY KEY, body text); INSERT INTO docs VALUES (1, 'a'), (2, null), (3, ''), (4, E' \\n\\t'), (5, 'b')");

        var items = await ItemsAsync(schema, schema.Spec("docs"));

        Assert.Equal([null, ErrorCodes.MissingText, ErrorCodes.EmptyDocument, ErrorCodes.EmptyDocument, null], items.Select(item => item.FaultCode));
        Assert.All(items, item => Assert.False(item.HidesOthers));
        Assert.Equal($"{schema.Name}.docs/2: there is no text: \"body\" is null.", items[1].FaultReason);
    }

    [Fact]
    public async Task Row_LargerThanTheLimit_FailsAloneAndIsNotFetched()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE TABLE docs (id int PRIMARY KEY, body text, more text); INSERT INTO docs SELECT i, repeat('é', 500), CASE WHEN i % 3 = 0 THEN 'x' END FROM generate_series(1, 9) i; INSERT INTO docs VALUES (10, repeat('x', 30000000), null)");
        var spec = schema.Spec("docs");

        var items = await ItemsAsync(schema, spec with { MaxDocumentBytes = 1000, Table = spec.Table! with { TextColumns = ["body", "more"] } });

        Assert.Equal(["3", "6", "9", "10"], items.Where(item => item.FaultCode == ErrorCodes.DocumentTooLarge).Select(item => item.Id.Split('/')[1]));
        Assert.Equal((6, 30_000_000L), (items.Count(item => item.Text.Length == 500), items[^1].SourceBytes));
        Assert.All(items, item => Assert.False(item.HidesOthers));
    }

    [Fact]
    public async Task Row_WithoutItsOwnId_MayStandForOthers()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE TABLE docs (id int PRIMARY KEY, slug text, part text, body text); INSERT INTO docs VALUES (1, 'a', 'x/y', 't'), (2, null, 'x', 't'), (3, repeat('s', 2000), 'x', 't'), (4, 'a/x', 'y', 't')");
        var spec = schema.Spec("docs");

        var items = await ItemsAsync(schema, spec with { Table = spec.Table! with { IdColumns = ["slug", "part"] } });

        Assert.Equal(["a/x%2Fy", $"{schema.Name}.docs/2", $"{schema.Name}.docs/3", "a%2Fx/y"], items.Select(item => item.Id));
        Assert.Equal([null, ErrorCodes.MissingId, ErrorCodes.MalformedRecord, null], items.Select(item => item.FaultCode));
        Assert.Equal([false, true, true, false], items.Select(item => item.HidesOthers));
    }

    [Fact]
    public async Task Rows_Wide_ComeInPagesOfSoManyBytes()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE TABLE docs (id int PRIMARY KEY, body text, note text); INSERT INTO docs SELECT i, repeat('x', 30000), repeat('y', 10000) FROM generate_series(1, 20) i");
        var spec = schema.Spec("docs") with { Table = schema.Spec("docs").Table! with { MetadataColumns = ["note"] } };
        var layout = new TableLayout { Schema = schema.Name, Name = "docs", Key = [new("id", "integer", false)], Id = [], Text = ["body"], Metadata = ["note"] };
        var page = new TablePage(layout, pageBytes: 100_000, maxDocumentBytes: 100_000);

        var records = await schema.ReadAsync(spec, options => (options.PageRows, options.PageBytes) = (500, 100_000));

        Assert.Equal(20, records.Count);
        Assert.All(records, record => Assert.Equal((30_000, 4_096), (record.Item.Text.Length, record.Item.Metadata["note"].Length)));
        Assert.Equal(3, (await schema.ListAsync(page.Sql(isFirst: true, rows: 500))).Count);
        Assert.Equal(2, (await schema.ListAsync(page.Sql(isFirst: true, rows: 2))).Count);
    }

    [Fact]
    public async Task Rows_OutsideConditionAndBound_AreNotRead()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE TABLE docs (id int PRIMARY KEY, body text, hidden bool NOT NULL, at date); INSERT INTO docs SELECT i, 'Text', i % 2 = 0, CASE WHEN i < 18 THEN date '2026-01-01' + i END FROM generate_series(1, 20) i");
        var spec = schema.Spec("docs");

        var items = await ItemsAsync(schema, spec with { Table = spec.Table! with { Where = "NOT hidden OR docs.id = 12 OR body = ')'' --'", SinceColumn = "at", Since = "2026-01-08" } });

        Assert.Equal(["7", "9", "11", "12", "13", "15", "17"], items.Select(item => item.Id.Split('/')[1]));
    }

    [Fact]
    public async Task View_WithAKey_IsReadAsATable()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(
            "CREATE TABLE docs (id int PRIMARY KEY, body text); INSERT INTO docs SELECT i, 'Text ' || i FROM generate_series(1, 10) i; "
            + "CREATE VIEW seen AS SELECT id * -1 AS k, upper(body) AS body FROM docs WHERE id <> 3; CREATE MATERIALIZED VIEW kept AS SELECT * FROM seen; "
            + "CREATE TABLE parts (id int PRIMARY KEY, body text) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (5); CREATE TABLE high PARTITION OF parts FOR VALUES FROM (5) TO (100); INSERT INTO parts SELECT * FROM docs");

        Assert.Equal(["-10", "-9", "-8", "-7", "-6", "-5", "-4", "-2", "-1"], (await ItemsAsync(schema, schema.Spec("seen", "k"))).Select(item => item.Id.Split('/')[1]));
        Assert.Equal(9, (await ItemsAsync(schema, schema.Spec("kept", "k"))).Count);
        Assert.Equal(10, (await ItemsAsync(schema, schema.Spec("parts"))).Count);
    }

    [Fact]
    public async Task View_RowsWithoutKey_AreRefusedBeforeAnythingIsRead()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE VIEW seen AS SELECT nullif(i, 4) AS k, 'Text' AS body FROM generate_series(1, 10) i");

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => schema.ReadAsync(schema.Spec("seen", "k")));

        Assert.Contains("null in a key column", error.Message, StringComparison.Ordinal);
        var spec = schema.Spec("seen", "k");
        Assert.Equal(9, (await ItemsAsync(schema, spec with { Table = spec.Table! with { Where = "k IS NOT NULL" } })).Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(100)]
    public async Task Rows_WithTheSameKey_AreRefusedWhereverThePageEnds(int pageRows)
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE TABLE docs (k numeric NOT NULL, body text); INSERT INTO docs SELECT i, 'Text' FROM generate_series(1, 10) i; INSERT INTO docs VALUES (3.00, 'Twin')");

        var error = await Assert.ThrowsAsync<PermanentException>(() => schema.ReadAsync(schema.Spec("docs", "k"), options => options.PageRows = pageRows));

        Assert.Contains("--key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_HostileNames_AreOnlyNames()
    {
        const string Table = "t\"; DROP TABLE docs; --";
        const string Column = "k'\" || $1 (SELECT) :x @y {0}";
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(
            $"CREATE TABLE docs (id int PRIMARY KEY); CREATE TABLE {Quote(Table)} ({Quote(Column)} text PRIMARY KEY, \"Select\" text, \"qk0\" text); "
            + $"INSERT INTO {Quote(Table)} SELECT 'key ''\" ' || i, 'Text ' || i, 'q' FROM generate_series(1, 8) i");
        var spec = schema.Spec(Table);

        var items = await ItemsAsync(schema, spec with
        {
            Table = spec.Table! with { KeyColumns = [Column], IdColumns = [Column], TextColumns = ["Select"], MetadataColumns = ["qk0", Column], SinceColumn = "qk0", Since = "'; DROP TABLE docs; --" },
        });

        Assert.Equal(Enumerable.Range(1, 8).Select(i => $"key '\" {i}"), items.Select(item => item.Id));
        Assert.Empty(await schema.ListAsync("SELECT id::text FROM docs"));

        static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static async Task<List<Document>> ItemsAsync(PostgresSchema schema, SourceSpec spec) =>
        [.. (await schema.ReadAsync(spec)).Select(static record => record.Item)];
}
