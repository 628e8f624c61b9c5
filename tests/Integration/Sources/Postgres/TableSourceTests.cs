using Quiver.Core.Sources;
using Quiver.Tests.Services;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.Postgres;

/// <summary>Reading tables of a real server: their order, their keys, and where to resume.</summary>
public sealed class TableSourceTests(PostgresServices services)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("int", "SELECT (random() * 1e9)::int FROM generate_series(1, 40)")]
    [InlineData("bigint", "SELECT (random() * 1e18)::bigint - 5 * 10^17 FROM generate_series(1, 40)")]
    [InlineData("numeric", "SELECT (random() * 1e9)::numeric / 7 FROM generate_series(1, 40)")]
    [InlineData("double precision", "SELECT random() / 3 FROM generate_series(1, 38) UNION SELECT 'NaN' UNION SELECT '-Infinity'")]
    [InlineData("uuid", "SELECT gen_random_uuid() FROM generate_series(1, 40)")]
    [InlineData("text", "SELECT chr(97 + i % 26) || md5(i::text) FROM generate_series(1, 40) i")]
    [InlineData("varchar(40)", "SELECT md5(i::text) FROM generate_series(1, 40) i")]
    [InlineData("char(8)", "SELECT 'k' || i FROM generate_series(1, 40) i")]
    [InlineData("date", "SELECT date '1900-01-01' + (i * 997) % 40000 FROM generate_series(1, 39) i UNION SELECT 'infinity'")]
    [InlineData("timestamp", "SELECT timestamp '2020-01-01' + random() * interval '900 days' FROM generate_series(1, 39) UNION SELECT '0044-03-15 BC'")]
    [InlineData("timestamptz", "SELECT timestamptz '2020-01-01 00:00:00+05:30' + random() * interval '900 days' FROM generate_series(1, 40)")]
    [InlineData("interval", "SELECT i * interval '1 month 3 hours 0.25 seconds' FROM generate_series(1, 40) i")]
    [InlineData("bytea", "SELECT decode(md5(i::text), 'hex') FROM generate_series(1, 40) i")]
    [InlineData("inet", "SELECT ('10.0.' || i % 7 || '.' || i)::inet FROM generate_series(1, 40) i")]
    public async Task Table_KeyOfAnyType_IsReadInTheDatabasesOrder(string type, string values)
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync($"CREATE TABLE docs (k {type} PRIMARY KEY, body text); INSERT INTO docs SELECT v, 'Text of ' || v::text FROM ({values}) AS w(v)");

        // A reader's settings must not change how keys are written.
        var records = await schema.ReadAsync(schema.Spec("docs"), options =>
            options.Connections[PostgresSchema.Connection].ConnectionString += ";Timezone=Asia/Kolkata;Options=-c datestyle=German -c intervalstyle=iso_8601 -c extra_float_digits=0");

        Assert.Equal(40, records.Count);
        Assert.Equal(await schema.ListAsync("SELECT body FROM docs ORDER BY k"), records.Select(record => record.Item.Text));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (long)i), records.Select(record => record.Item.Ordinal));
    }

    [Theory]
    [InlineData("und-x-icu")]
    [InlineData("de-x-icu")]
    [InlineData("C")]
    public async Task Table_CollationThatIsNotThatOfBytes_IsRespected(string collation)
    {
        string[] keys = ["zebra", "Zebra", "äpfel", "apfel", "Apfel", "Äpfel", "éclair", "eclair", "ECLAIR", "ß", "ss", "o'clock", "oclock", "co-op", "coop", "Œuvre", "oeuvre", "日本", "a", "A", "\u0061\u0308pfel", " ", "~", "🙂"];
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync($"CREATE TABLE docs (k text COLLATE \"{collation}\" PRIMARY KEY, body text)");
        foreach (var key in keys)
        {
            await schema.ExecuteAsync($"INSERT INTO docs VALUES ('{key.Replace("'", "''", StringComparison.Ordinal)}', 'Text of {key.Replace("'", "''", StringComparison.Ordinal)}')");
        }

        var records = await schema.ReadAsync(schema.Spec("docs"), options => options.PageRows = 1);

        Assert.Equal(await schema.ListAsync("SELECT body FROM docs ORDER BY k"), records.Select(record => record.Item.Text));
        Assert.Equal(keys.Length, records.Count);
    }

    [Fact]
    public async Task Table_CompositeKey_IsReadOnceInItsOrder()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(
            """
            CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');
            CREATE TABLE docs (b int, body text, a mood, c text COLLATE "und-x-icu", PRIMARY KEY (a, c, b));
            INSERT INTO docs SELECT b, a || c || b, a, c FROM unnest(enum_range(null::mood)) a, unnest(array['x', 'É', 'e', 'X/y']) c, generate_series(1, 4) b;
            """);

        var records = await schema.ReadAsync(schema.Spec("docs"));

        Assert.Equal(await schema.ListAsync("SELECT body FROM docs ORDER BY a, c, b"), records.Select(record => record.Item.Text));
        Assert.Equal(48, records.Select(record => record.Item.Id).Distinct().Count());
        Assert.Contains($"{schema.Name}.docs/glad/X%2Fy/4", records.Select(record => record.Item.Id));
    }

    [Fact]
    public async Task Table_ResumedFromAnyCursor_GivesTheRest()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync(
            "CREATE TABLE docs (a text COLLATE \"und-x-icu\", b timestamptz, body text, PRIMARY KEY (a, b)); "
            + "INSERT INTO docs SELECT chr(65 + i % 5) || '\"\\', timestamptz '2026-01-01' + i * interval '1.25 seconds', 'Text ' || i FROM generate_series(1, 17) i");
        var all = await schema.ReadAsync(schema.Spec("docs"));

        for (var at = 0; at < all.Count; at++)
        {
            Assert.Equal(all[(at + 1)..], await schema.ReadAsync(schema.Spec("docs"), from: all[at].Next), Same);
        }

        Assert.All(all, record => Assert.InRange(record.Next.Position.Length, 1, 8192));

        static bool Same(SourceRecord one, SourceRecord other) => (one.Next, one.Item.Id, one.Item.Text, one.Item.Ordinal) == (other.Next, other.Item.Id, other.Item.Text, other.Item.Ordinal);
    }

    [Fact]
    public async Task Table_KeyChangedSinceTheCursor_IsSaidSo()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE TABLE docs (k int PRIMARY KEY, body text); INSERT INTO docs SELECT i, 'Text ' || i FROM generate_series(1, 4) i");
        var first = (await schema.ReadAsync(schema.Spec("docs")))[0];
        await schema.ExecuteAsync("ALTER TABLE docs ALTER COLUMN k TYPE text");

        var error = await Assert.ThrowsAsync<PermanentException>(() => schema.ReadAsync(schema.Spec("docs"), from: first.Next));
        await Assert.ThrowsAsync<PermanentException>(() => schema.ReadAsync(schema.Spec("docs"), from: new SourceCursor(3, "4096:12")));

        Assert.Equal(ErrorCodes.SourceChanged, error.Code);
    }

    [Fact]
    public async Task Table_RowsComeAndGoWhileItIsRead_EveryRowThatStaysIsReadOnce()
    {
        var random = Seed.For(nameof(Table_RowsComeAndGoWhileItIsRead_EveryRowThatStaysIsReadOnce));
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE TABLE docs (k text COLLATE \"und-x-icu\" PRIMARY KEY, body text); INSERT INTO docs SELECT md5(i::text), 'stays' FROM generate_series(1, 250) i");
        await schema.ExecuteAsync("INSERT INTO docs SELECT md5('g' || i), 'goes' FROM generate_series(1, 150) i");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writer = WriteAsync(schema, random.Next(), stop.Token);
        var source = await schema.OpenAsync(schema.Spec("docs"), options => options.PageRows = 7);
        List<string> read = [];

        await foreach (var record in source.ReadAsync(SourceCursor.Start, Token))
        {
            read.Add(record.Item.Id);
            if (random.Next(6) == 0)
            {
                await schema.ExecuteAsync(random.Next(2) == 0
                    ? $"INSERT INTO docs VALUES (md5('n{random.Next(1_000_000)}'), 'comes') ON CONFLICT DO NOTHING"
                    : $"DELETE FROM docs WHERE body <> 'stays' AND k IN (SELECT k FROM docs WHERE body <> 'stays' ORDER BY k LIMIT {random.Next(1, 4)} OFFSET {random.Next(20)})");
            }
        }

        await stop.CancelAsync();
        Assert.True(await writer > 0);
        Assert.Equal(read.Count, read.Distinct().Count());
        var stays = (await schema.ListAsync("SELECT k FROM docs WHERE body = 'stays' ORDER BY k")).Select(key => $"{schema.Name}.docs/{key}").ToList();
        Assert.Equal(stays, read.Intersect(stays));
    }

    [Fact]
    public async Task Table_RowsInsertedBehindThePlace_AreReadToo()
    {
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE TABLE docs (k serial PRIMARY KEY, body text); INSERT INTO docs (body) SELECT 'Text' FROM generate_series(1, 4)");
        var source = await schema.OpenAsync(schema.Spec("docs"));
        var read = 0;

        await foreach (var record in source.ReadAsync(SourceCursor.Start, Token))
        {
            if (++read < 10)
            {
                await schema.ExecuteAsync("INSERT INTO docs (body) VALUES ('Text')");
            }
        }

        Assert.Equal(13, read);
    }

    [Fact]
    public async Task Table_BetweenItsPages_HoldsNoTransaction()
    {
        const string reader = "between pages";
        using var schema = await services.NewSchemaAsync();
        await schema.ExecuteAsync("CREATE TABLE docs (k int PRIMARY KEY, body text); INSERT INTO docs SELECT i, 'Text ' || i FROM generate_series(1, 10) i");
        var source = await schema.OpenAsync(schema.Spec("docs"), options => options.Connections[PostgresSchema.Connection].ConnectionString += $";Application Name={reader}");
        var read = 0;

        // A vacuum on the server waits for the oldest transaction: a job of days must not hold one.
        await foreach (var record in source.ReadAsync(SourceCursor.Start, Token))
        {
            read++;
            Assert.Equal(["0"], await schema.ListAsync($"SELECT count(*)::text FROM pg_stat_activity WHERE application_name = '{reader}' AND xact_start IS NOT NULL"));
            Assert.NotEqual(["0"], await schema.ListAsync($"SELECT count(*)::text FROM pg_stat_activity WHERE application_name = '{reader}'"));
        }

        Assert.Equal(10, read);
    }

    private static async Task<int> WriteAsync(PostgresSchema schema, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var rounds = 0;
        for (; !cancellationToken.IsCancellationRequested; rounds++)
        {
            await schema.ExecuteAsync($"INSERT INTO docs VALUES (md5('w{rounds}'), 'comes') ON CONFLICT DO NOTHING; DELETE FROM docs WHERE k = md5('g{random.Next(1, 150)}')");
        }

        return rounds;
    }
}
