using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Quiver.Adapters.Storage.Files;
using Quiver.Cli;
using Quiver.Cli.Doctor;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Doctor;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>
/// Each file of a data directory, damaged in each way: a command answers rightly or names the file, and `quiver repair` leads back.
/// </summary>
public sealed class DamageTests(DamagedDirectory directory) : IClassFixture<DamagedDirectory>, IDisposable
{
    private const int RandomFlips = 24;

    private readonly TemporaryFolder _folder = new();

    public enum Damage
    {
        Emptied = 1,
        Truncated = 2,
        HeaderFlipped = 3,
        MiddleFlipped = 4,
        Deleted = 5,
        Older = 6,
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>File, damage, and whether it costs something: otherwise everything works as before.</summary>
    public static TheoryData<string, Damage, bool> Cases => new(
        from file in DamagedDirectory.Files
        from damage in Enum.GetValues<Damage>()
        let isSpare = file is "cache/embeddings.db" or "artifacts.key" || (file == "manifest.json" && damage is Damage.Deleted or Damage.Older)
        select (file, damage, !isSpare));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Damage_IsNamedOrHarmless_AndRepaired(string file, Damage damage, bool costs)
    {
        var data = DamagedDirectory.CopyTo(_folder, directory.Whole);
        var path = DamagedDirectory.Find(data, file);
        Apply(damage, path, DamagedDirectory.Find(directory.Older, file));

        // Read first: nothing may change the directory before the damage was named.
        var named = RightOrNamed(await directory.ReadAsync(data), $"{file} {damage}");
        var doctor = await new DatabaseFilesCheck(data, static () => new ConfigurationBuilder().Build()).RunAsync(Token);
        var dry = await directory.RunAsync(data, "repair", "--dry-run");
        var ingest = costs ? await directory.IngestAsync(data) : null;

        if (costs)
        {
            Assert.True(named > 0, $"No command that reads has named {path}.");
            Assert.Equal(DoctorStatus.Fail, doctor.Status);
            Assert.Contains(path, doctor.Message, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.Failure, dry.ExitCode);
            Assert.Contains(path, dry.Out, StringComparison.Ordinal);

            // A page in the middle may be one that an ingestion does not read.
            Assert.True(damage == Damage.MiddleFlipped || file.EndsWith("vectors.bin", StringComparison.Ordinal) || ingest!.ExitCode != ExitCodes.Success, ingest!.Out);
        }
        else
        {
            Assert.Equal(0, named);
        }

        var repaired = await directory.RunAsync(data, "repair");
        Assert.True(repaired.ExitCode is ExitCodes.Success or ExitCodes.Warnings, repaired.Out + repaired.Error);
        Assert.True(!costs || repaired.ExitCode == ExitCodes.Warnings, repaired.Out);
        var again = await directory.IngestAsync(data);
        Assert.True(again.ExitCode == ExitCodes.Success, again.Out + again.Error);

        // Jobs that were added make other lists; what is stored is the same.
        var after = await directory.ReadAsync(data);
        Assert.Equal(Points(directory.Answers[3].Out), Points(after[3].Out));
        Assert.Equal(Hits(directory.Answers[4]), Hits(after[4]));
        Assert.True(after[2].ExitCode == ExitCodes.Success, after[2].Out + after[2].Error);
        Assert.Equal(ExitCodes.Success, (await directory.RunAsync(data, "repair")).ExitCode);
        Assert.Equal(DoctorStatus.Ok, (await new DatabaseFilesCheck(data, static () => new ConfigurationBuilder().Build()).RunAsync(Token)).Status);
    }

    [Fact]
    public async Task RandomFlips_NeverChangeAnAnswer()
    {
        var random = Seed.For(nameof(RandomFlips_NeverChangeAnAnswer));
        var named = 0;
        for (var round = 0; round < RandomFlips; round++)
        {
            using var folder = new TemporaryFolder();
            var data = DamagedDirectory.CopyTo(folder, directory.Whole);
            var path = DamagedDirectory.Find(data, DamagedDirectory.Files[random.Next(DamagedDirectory.Files.Count)]);
            var bytes = await File.ReadAllBytesAsync(path, Token);
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            await File.WriteAllBytesAsync(path, bytes, Token);

            named += RightOrNamed(await directory.ReadAsync(data), $"{Seed.Text}: round {round}, {path}");
        }

        Assert.True(named > 0, $"{Seed.Text}: no damage was noticed.");
    }

    [Fact]
    public async Task UnfinishedJob_WhoseStateIsLost_FailsAndIsListed()
    {
        var data = DamagedDirectory.CopyTo(_folder, directory.Whole);
        File.Delete(Path.Combine(data, "grains.db"));

        var repaired = await directory.RunAsync(data, "repair", "--json");

        Assert.Equal(ExitCodes.Warnings, repaired.ExitCode);
        Assert.True(JsonNode.Parse(repaired.Out)!["repaired"]!.GetValue<bool>());
        Assert.Equal(directory.Answers[0].Out, (await directory.RunAsync(data, DamagedDirectory.Reading[0])).Out);
        Assert.Equal(directory.Answers[1].Out, (await directory.RunAsync(data, DamagedDirectory.Reading[1])).Out);
    }

    [Fact]
    public async Task Server_WhoseFilesAreDamaged_IsNotReadyAndSaysWhy()
    {
        var data = DamagedDirectory.CopyTo(_folder, directory.Whole);
        Apply(Damage.MiddleFlipped, DamagedDirectory.Find(data, "vectors/*/vectors.bin"), "");
        await using var server = await ServeProcess.StartAsync(directory.Home, data);
        using var http = new HttpClient { BaseAddress = server.Address };

        var refused = await Assert.ThrowsAsync<PermanentException>(() => server.Client.SearchAsync(CollectionName.Parse("c"), new() { Query = "boats" }, Token));
        File.Delete(Path.Combine(data, "ledger.db"));
        var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), Token);

        Assert.Equal(ErrorCodes.StorageDamaged, refused.Code);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var reason = JsonNode.Parse(await ready.Content.ReadAsStringAsync(Token))!["reasons"]!["files"]!.GetValue<string>();
        Assert.Contains("vectors.bin is damaged", reason, StringComparison.Ordinal);
        Assert.Contains("ledger.db is missing", reason, StringComparison.Ordinal);
        Assert.Contains("quiver repair", reason, StringComparison.Ordinal);
        Assert.DoesNotContain(data, reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_OnADamagedDirectory_DoesNotStart()
    {
        var data = DamagedDirectory.CopyTo(_folder, directory.Whole);
        File.Delete(Path.Combine(data, "ledger.db"));

        await using var server = ServeProcess.Launch(directory.Home, data);

        Assert.Equal(ExitCodes.Failure, await server.ExitAsync());
        Assert.Contains("ledger.db is missing", server.Error.Text, StringComparison.Ordinal);
        Assert.Contains(ErrorCodes.StorageDamaged, server.Error.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(data, "ledger.db")));
    }

    [Fact]
    public async Task Repair_OfAHeldOrMissingDirectory_ChangesNothing()
    {
        var data = DamagedDirectory.CopyTo(_folder, directory.Whole);
        await using (await DataDirectoryLock.AcquireAsync(data, "quiver serve", TimeProvider.System, Token))
        {
            (await directory.RunAsync(data, "repair")).AssertRefused(ExitCodes.Conflict, ErrorCodes.DataDirectoryLocked);
        }

        (await directory.RunAsync(_folder.At("none"), "repair")).AssertRefused(ExitCodes.Usage, ErrorCodes.InvalidOption);
        Assert.False(Directory.Exists(_folder.At("none")));
        Assert.Equal(ExitCodes.Success, (await directory.RunAsync(data, "repair")).ExitCode);
    }

    /// <summary>The number of commands that named the damage; the others must answer as before.</summary>
    private int RightOrNamed(IReadOnlyList<CliResult> results, string what)
    {
        var named = 0;
        foreach (var (command, expected, result) in DamagedDirectory.Reading.Zip(directory.Answers, results))
        {
            if (result.ExitCode == ExitCodes.Success)
            {
                Assert.True(expected.Out == result.Out, $"{what}: {string.Join(' ', command)} answered {result.Out} instead of {expected.Out}");
                continue;
            }

            Assert.True(
                result.ExitCode == ExitCodes.Failure && result.Error.Contains($"({ErrorCodes.StorageDamaged})", StringComparison.Ordinal),
                $"{what}: {string.Join(' ', command)} ended with {result.ExitCode}: {result.Out}{result.Error}");
            named++;
        }

        return named;
    }

    private static IEnumerable<string> Points(string exported) => exported.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(static line => JsonNode.Parse(line)!)
        .Select(static point => $"{point["id"]} {point["payload"]!["document_id"]} {point["payload"]!["text"]} {point["vector"]!.ToJsonString()}")
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Hits(CliResult search) =>
        JsonNode.Parse(search.Out)!["hits"]!.AsArray().Select(static hit => $"{hit!["documentId"]} {hit["score"]} {hit["text"]}");

    private static void Apply(Damage damage, string path, string older)
    {
        switch (damage)
        {
            case Damage.Emptied:
                File.WriteAllBytes(path, []);
                break;
            case Damage.Truncated:
                // Of vectors, only the beginning is used.
                var length = new FileInfo(path).Length;
                using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
                {
                    RandomAccess.SetLength(file, path.EndsWith("vectors.bin", StringComparison.Ordinal) ? 2000 : length / 2);
                }

                break;
            case Damage.HeaderFlipped:
                Flip(path, 21);
                break;
            case Damage.MiddleFlipped:
                // The slots before belong to documents that the second job replaced.
                Flip(path, path.EndsWith("vectors.bin", StringComparison.Ordinal) ? 7000 : FindText(path));
                break;
            case Damage.Deleted:
                File.Delete(path);
                break;
            case Damage.Older:
                File.Copy(older, path, overwrite: true);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage));
        }
    }

    /// <summary>A place that commands read: a text of a point or the status of a job. SQLite would read a changed letter as another one.</summary>
    private static int FindText(string path)
    {
        var text = File.ReadAllBytes(path).AsSpan();
        var found = Math.Max(text.LastIndexOf("boats"u8), text.LastIndexOf("\"Paths\""u8));
        return found >= 0 ? found : text.Length / 2;
    }

    private static void Flip(string path, int offset)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 4;
        File.WriteAllBytes(path, bytes);
    }
}
