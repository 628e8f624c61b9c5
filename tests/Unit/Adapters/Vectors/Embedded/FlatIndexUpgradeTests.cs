using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Vectors;
using Quiver.Tests.Support;
using TemporaryFolder = Quiver.Tests.Unit.Adapters.Storage.Sqlite.TemporaryFolder;

namespace Quiver.Tests.Unit.Adapters.Vectors.Embedded;

/// <summary>The index of a version without full-text search is filled once, and does not answer for less than all until it is.</summary>
public sealed class FlatIndexUpgradeTests : IDisposable
{
    private const string Physical = "former";
    private const int Dimensions = 8;
    private const int Keys = 1000;

    private static readonly CollectionKey Scope = CollectionKey.Parse("acme/docs");
    private static readonly CollectionKey Other = CollectionKey.Parse("other/docs");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Folder => _folder.File(Physical);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_OfAFormerIndex_FillsItBesideOtherWork()
    {
        await WriteFormerAsync();
        await using var store = Open();
        await store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
        await store.UpsertAsync(new(Physical, Scope), [.. Enumerable.Range(Keys - 10, 20).Select(key => CreatePoint(Scope, key, "new"))], Cancel);
        await store.DeleteAsync(new(Physical, Scope), [.. Enumerable.Range(Keys - 30, 10).Select(key => IdOf(Scope, key))], Cancel);
        Assert.Equal(Keys, await store.DeleteAllAsync(new(Physical, Other), Cancel));

        await Patience.UntilAsync(async () => (await FindAsync(store, "word")).Gap is null, "the index is filled");

        Assert.Equal([.. Enumerable.Range(0, Keys - 30), .. Enumerable.Range(Keys - 20, 10)], await FindAllAsync(store, "former"));
        Assert.Equal(Enumerable.Range(Keys - 10, 20), await FindAllAsync(store, "new"));
        Assert.Empty((await store.QueryLexicalAsync(new(Physical, Other), new("word", 10), Cancel)).Points);
    }

    [Fact]
    public async Task Reader_OfAnIndexThatIsPartlyFilled_SaysHowFarItIs()
    {
        await WriteFormerAsync();
        await using (var database = SqliteDatabase.Open(FlatFiles.DatabaseIn(Folder), FlatSchema.Migrations))
        {
            await database.WriteAsync(LexicalTables.Prepare, Cancel);
            await database.WriteAsync(static session => LexicalTables.FillSome(session, Keys / 2), Cancel);
        }

        await using (var reader = Open(onlyReads: true))
        {
            var answer = await FindAsync(reader, "word");

            Assert.Empty(answer.Points);
            Assert.Equal((true, "The full-text index of the collection is being filled; 25 % is done."), (answer.Gap!.IsTemporary, answer.Gap.Reason));
        }

        FlatFiles.Compact(Folder);
        await using var again = Open(onlyReads: true);
        Assert.Equal(Enumerable.Range(0, Keys), await FindAllAsync(again, "former"));
    }

    [Fact]
    public async Task Open_OfAnIndexWithTermsOfOtherRules_FillsItAgain()
    {
        await WriteAsync();
        Run("UPDATE meta SET lexical = lexical - 1");
        await using (var reader = Open(onlyReads: true))
        {
            Assert.Contains("another version of Quiver", (await FindAsync(reader, "word")).Gap!.Reason, StringComparison.Ordinal);
        }

        await using var store = Open();
        await store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
        await Patience.UntilAsync(async () => (await FindAsync(store, "word")).Gap is null, "the index is filled");

        Assert.Equal(Enumerable.Range(0, Keys), await FindAllAsync(store, "former"));
    }

    [Fact]
    public async Task Close_DuringTheFilling_EndsItAndTheNextOpeningContinues()
    {
        await WriteFormerAsync();
        for (var i = 0; i < 3; i++)
        {
            await using var store = Open();
            await store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
        }

        await using var last = Open();
        await last.EnsureCollectionAsync(Physical, Dimensions, Cancel);
        await Patience.UntilAsync(async () => (await FindAsync(last, "word")).Gap is null, "the index is filled");

        Assert.Equal(Enumerable.Range(0, Keys), await FindAllAsync(last, "former"));
    }

    private static Task<LexicalAnswer> FindAsync(FlatIndexStore store, string text) => store.QueryLexicalAsync(new(Physical, Scope), new(text, 1000), Cancel);

    private static async Task<List<int>> FindAllAsync(FlatIndexStore store, string text) => [.. (await FindAsync(store, text)).Points.Select(static hit => hit.Payload.Chunk).Order()];

    private async Task WriteAsync()
    {
        await using var store = Open();
        await store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
        foreach (var keys in Enumerable.Range(0, Keys).Chunk(200))
        {
            await store.UpsertAsync(new(Physical, Scope), [.. keys.Select(key => CreatePoint(Scope, key, "former"))], Cancel);
            await store.UpsertAsync(new(Physical, Other), [.. keys.Select(key => CreatePoint(Other, key, "former"))], Cancel);
        }
    }

    /// <summary>Writes an index and takes away what the former version did not have.</summary>
    private async Task WriteFormerAsync()
    {
        await WriteAsync();
        Run("""
            DROP TABLE lexical_1_terms; DROP TABLE lexical_1; DROP TABLE lexical_2_terms; DROP TABLE lexical_2; DROP TABLE unindexed;
            ALTER TABLE meta DROP COLUMN lexical; ALTER TABLE scopes DROP COLUMN lexical;
            ALTER TABLE points DROP COLUMN title; ALTER TABLE points DROP COLUMN headings; PRAGMA user_version = 2;
            """);
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={FlatFiles.DatabaseIn(Folder)};Pooling=False;Vfs={PageSums.FileSystem}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private FlatIndexStore Open(bool onlyReads = false) =>
        new(Options.Create(new FlatIndexOptions { Directory = _folder.Path, SegmentBytes = 1 << 20 }), onlyReads: onlyReads);

    private static Guid IdOf(CollectionKey scope, int key) => PointId.Create(scope, "d", key);

    private static VectorPoint CreatePoint(CollectionKey scope, int key, string text)
    {
        var vector = new float[Dimensions];
        vector[key % Dimensions] = 1;
        return new(IdOf(scope, key), vector, new()
        {
            Scope = scope,
            DocumentId = "d",
            Chunk = key,
            Text = $"{text} word{(key % 2 == 0 ? "" : " and more")}",
            StartChar = 0,
            EndChar = 1,
            StartLine = 1,
            EndLine = 1,
            Generation = 1,
            Epoch = 1,
            IndexedAt = DateTimeOffset.UnixEpoch,
        });
    }
}
