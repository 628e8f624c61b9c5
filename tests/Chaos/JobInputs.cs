using System.Collections.Concurrent;
using Quiver.Tests.Services;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Chaos;

/// <summary>What a job reads, and the settings with which a silo reaches it.</summary>
internal sealed record JobInput(SourceSpec Source, IReadOnlyDictionary<string, string?> Settings);

/// <summary>The same number of documents in a folder, a file of JSON Lines, a bucket and a table; each is made once.</summary>
public sealed class JobInputs(PostgresServices postgres) : IAsyncLifetime
{
    public const int Documents = 240;

    /// <summary>The beginning of a text that is one of the last in each input; a title may be in front of it.</summary>
    public const string LastText = "Note 239 ";

    private const int Objects = 6;

    /// <summary>The sources.</summary>
    public static readonly string[] Kinds = ["folder", "jsonl", "s3", "postgres"];

    private readonly TemporaryFolder _folder = new();
    private readonly S3Server _s3 = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<JobInput>>> _inputs = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<ExportedPoints>>> _points = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _s3.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _s3.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The input of a kind. Skips the test where its service is missing.</summary>
    internal Task<JobInput> OfAsync(string kind) => _inputs.GetOrAdd(kind, _ => new(() => kind switch
    {
        "folder" => MakeFolderAsync(),
        "jsonl" => MakeFileAsync(),
        "s3" => MakeBucketAsync(),
        "postgres" => MakeTableAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such input."),
    })).Value;

    /// <summary>What an undisturbed run stores for the input of a kind.</summary>
    internal Task<ExportedPoints> PointsOfAsync(string kind, Func<Task<ExportedPoints>> run) => _points.GetOrAdd(kind, _ => new(run)).Value;

    private static string Text(int number) => $"Note {number} says what it says over the quiet bridge, and the river follows the valley to harbour {number % 17}.";

    private static string Lines(int from, int count) =>
        string.Concat(Enumerable.Range(from, count).Select(static number => $$"""{"id":"doc-{{number:00000}}","text":"{{Text(number)}}"}""" + "\n"));

    private async Task<JobInput> MakeFolderAsync()
    {
        var folder = Directory.CreateDirectory(_folder.At("notes")).FullName;
        for (var number = 0; number < Documents; number++)
        {
            var part = Directory.CreateDirectory(Path.Combine(folder, $"part-{number % 4}")).FullName;
            await File.WriteAllTextAsync(Path.Combine(part, $"note-{number:00000}.txt"), Text(number), Token);
        }

        return new(new() { Paths = [folder] }, ImmutableDictionary<string, string?>.Empty);
    }

    private async Task<JobInput> MakeFileAsync()
    {
        var path = _folder.At("notes.jsonl");
        await File.WriteAllTextAsync(path, Lines(0, Documents), Token);
        return new(new() { Paths = [path], IdField = "id" }, ImmutableDictionary<string, string?>.Empty);
    }

    private async Task<JobInput> MakeBucketAsync()
    {
        var bucket = await _s3.NewBucketAsync();
        const int perObject = Documents / Objects;
        for (var part = 0; part < Objects; part++)
        {
            var lines = Lines(part * perObject, perObject);
            await (part % 2 == 0 ? bucket.PutAsync($"notes/{part}.jsonl", lines) : bucket.PutAsync($"notes/{part}.jsonl.gz", TestBucket.Gzip(lines)));
        }

        return new(
            bucket.Spec("notes/") with { IdField = "id" },
            bucket.Configuration.Append(("Quiver:S3:PageSize", "2")).ToDictionary(static setting => setting.Item1, static setting => (string?)setting.Item2));
    }

    private async Task<JobInput> MakeTableAsync()
    {
        var schema = await postgres.NewSchemaAsync();
        await schema.ExecuteAsync(
            "CREATE TABLE notes (id int PRIMARY KEY, body text, kind text); "
            + $"INSERT INTO notes SELECT i, 'Note ' || i || ' says what it says over the quiet bridge.', 'k' || i % 3 FROM generate_series(1, {Documents}) i");
        return new(
            new() { Kind = "postgres", Paths = ["postgres://shop"], Table = new() { Schema = schema.Name, Name = "notes", TextColumns = ["body"], MetadataColumns = ["kind"] } },
            new Dictionary<string, string?>
            {
                ["Quiver:Postgres:Connections:shop:ConnectionString"] = schema.Server.ConnectionString,
                ["Quiver:Postgres:PageRows"] = "25",
            });
    }
}
