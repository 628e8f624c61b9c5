using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Adapters.Storage.Sqlite;

/// <summary>Damage of a database is an error, never another answer; what can be read of a damaged one is what was written.</summary>
public sealed class PageSumsTests : IDisposable
{
    private const int Rows = 400;
    private const int Flips = 300;
    private const int MaxRowsOfAPage = 100;

    private static readonly SqliteMigration[] Schema = [new(1, "CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL); CREATE INDEX texts_by_text ON texts (text)")];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Database => _folder.File("t.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Flip_AnywhereInTheFile_IsAnErrorOrChangesNothing()
    {
        var expected = await WriteAsync();
        var whole = await File.ReadAllBytesAsync(Database, Token);
        var random = Seed.For(nameof(Flip_AnywhereInTheFile_IsAnErrorOrChangesNothing));
        var errors = 0;
        for (var round = 0; round < Flips; round++)
        {
            // The first rounds go through the header, whose fields say how the rest is read.
            var at = round < 100 ? round : random.Next(whole.Length);
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(Database, damaged, Token);
            try
            {
                Assert.Equal(expected, await ReadAsync());
            }
            catch (PermanentException exception)
            {
                Assert.True(exception.Code == ErrorCodes.StorageDamaged, $"{Seed.Text}, byte {at}: {exception}");
                errors++;
            }
        }

        // Every byte belongs to a page that is read.
        Assert.Equal(Flips, errors);
    }

    [Fact]
    public async Task Truncated_IsAnError()
    {
        await WriteAsync();
        var whole = await File.ReadAllBytesAsync(Database, Token);
        // SQLite takes a file of one byte for an empty one; the manifest names that.
        for (var length = 2; length < whole.Length; length += 1000)
        {
            await File.WriteAllBytesAsync(Database, whole[..length], Token);

            Assert.Equal(ErrorCodes.StorageDamaged, (await Assert.ThrowsAsync<PermanentException>(ReadAsync)).Code);
        }
    }

    [Fact]
    public async Task Compacted_KeepsItsChecksums()
    {
        var expected = await WriteAsync();
        SqliteFile.Compact(Database, Schema);
        Assert.Equal(expected, await ReadAsync());
        var bytes = await File.ReadAllBytesAsync(Database, Token);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(Database, bytes, Token);

        Assert.Equal(ErrorCodes.StorageDamaged, (await Assert.ThrowsAsync<PermanentException>(ReadAsync)).Code);
    }

    [Fact]
    public async Task Salvage_OfOneDamagedPage_LosesOnlyItsRows()
    {
        var expected = await WriteAsync();
        var bytes = await File.ReadAllBytesAsync(Database, Token);
        for (int at; (at = bytes.AsSpan().IndexOf("text 150 "u8)) >= 0;)
        {
            bytes[at] ^= 1;
        }

        await File.WriteAllBytesAsync(Database, bytes, Token);

        var aside = SqliteSalvage.SetAside(Database)!;
        using (var session = new SqliteConnector(Database).OpenWriter(Schema))
        {
            Assert.InRange(SqliteSalvage.Copy(aside, session, Token), Rows - MaxRowsOfAPage, Rows - 1);
        }

        var saved = await ReadAsync();
        Assert.Subset(expected.ToHashSet(), saved.ToHashSet());
        Assert.InRange(saved.Count, Rows - MaxRowsOfAPage, Rows - 1);
        Assert.Equal($"{Database}.damaged", aside);
    }

    [Fact]
    public async Task Manifest_NamesWhatIsMissingOlderOrForeign()
    {
        Open(_folder.Path);
        File.Copy(Database, _folder.File("older.db"));
        Open(_folder.Path);
        Directory.CreateDirectory(_folder.File("other"));
        Open(_folder.File("other"));
        var current = await File.ReadAllBytesAsync(Database, Token);

        File.Copy(_folder.File("older.db"), Database, overwrite: true);
        Assert.Contains("older copy", Error(), StringComparison.Ordinal);
        File.Copy(_folder.File("other/t.db"), Database, overwrite: true);
        Assert.Contains("belongs to another data directory", Error(), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(Database, [], Token);
        Assert.Contains("is empty", Error(), StringComparison.Ordinal);
        File.Delete(Database);
        Assert.Contains("is missing", Error(), StringComparison.Ordinal);
        Assert.False(File.Exists(Database));

        await File.WriteAllBytesAsync(Database, current, Token);
        Open(_folder.Path);
        File.Delete(_folder.File(DirectoryManifest.FileName));
        Open(_folder.Path);
        Assert.Equal(["t.db"], DirectoryManifest.Open(_folder.Path).Files);

        void Open(string root)
        {
            using var session = new SqliteConnector(Path.Combine(root, "t.db"), manifest: DirectoryManifest.Open(root)).OpenWriter(Schema);
        }

        string Error()
        {
            var manifest = DirectoryManifest.Open(_folder.Path);
            var write = Assert.Throws<PermanentException>(() => new SqliteConnector(Database, manifest: manifest).OpenWriter(Schema));
            var read = Assert.Throws<PermanentException>(() => new ReadOnlySqliteConnector(Database, Schema, manifest).Open());
            Assert.Equal((ErrorCodes.StorageDamaged, write.Message), (read.Code, read.Message));
            Assert.Equal(manifest.Damage.Single(), DirectoryManifest.WithoutAdvice(write.Message).Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
            return write.Message;
        }
    }

    private async Task<List<string>> WriteAsync()
    {
        await using (var database = SqliteDatabase.Open(Database, Schema))
        {
            await database.WriteAsync(static session =>
            {
                for (var i = 0; i < Rows; i++)
                {
                    session.Execute("INSERT INTO texts (id, text) VALUES ($id, $text)", ("$id", (long)i), ("$text", $"text {i} {new string('x', i % 90)}"));
                }
            }, Token);
        }

        return await ReadAsync();
    }

    /// <summary>Reads the table by its rows and by its index.</summary>
    private async Task<List<string>> ReadAsync()
    {
        await using var database = SqliteDatabase.OpenReadOnly(Database, Schema);
        return await database.ReadAsync(
            static session =>
            {
                List<string> rows = [];
                foreach (var sql in (string[])["SELECT text FROM texts ORDER BY id", "SELECT text FROM texts INDEXED BY texts_by_text ORDER BY text"])
                {
                    using var row = session.Query(sql);
                    var before = rows.Count;
                    while (row.Read())
                    {
                        if (before == 0)
                        {
                            rows.Add(row.GetString(0));
                        }
                    }
                }

                return rows;
            },
            Token);
    }
}
