using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Silo;

/// <summary>
/// A data directory of the build before Orleans (commit 9452480) is opened as it is: a job that completed, one that was killed, a collection that
/// keeps its documents for a day, and their reminders. Its vectors are of a model that Quiver no longer has.
/// </summary>
public sealed class FormerDataTests : IDisposable
{
    private const string Completed = "01m8mnwkpkxy6a7g3d";
    private const string Killed = "01m8mnwqrtxbmgx0s7";

    private readonly TemporaryFolder _home = new();

    public FormerDataTests() => ZipFile.ExtractToDirectory(Path.Combine(Folder(), "former-data.zip"), Data);

    private string Data => _home.At("data");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Jobs_AreListedAsTheyWere()
    {
        var list = (await RunAsync(["jobs", "list"])).Out.Text;

        Assert.Matches($@"{Killed} +kept +interrupted", list);
        Assert.Matches($@"{Completed} +kept +completed +5", list);
    }

    [Fact]
    public async Task CollectionOfTheFormerModel_SaysWhatToDo_AndAnotherIsFilled()
    {
        var search = await RunAsync(["search", "apple", "--collection", "kept"], exitCode: 4);
        Assert.Contains("ingest the source into a new collection and delete this one with 'quiver collections delete kept'", search.Error.Text, StringComparison.Ordinal);

        await RunAsync(["ingest", _home.Write("new.txt", "A new text."), "--collection", "new"]);
        Assert.Contains("A new text.", (await RunAsync(["search", "text", "--collection", "new"])).Out.Text, StringComparison.Ordinal);
        await RunAsync(["collections", "delete", "kept", "--yes"]);
        Assert.DoesNotContain("kept", (await RunAsync(["collections", "list"])).Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KilledJob_Resumed_FailsWithTheReason_AndItsReminderIsGone()
    {
        Assert.Equal(["retention", "watchdog"], Reminders());

        var resume = await RunAsync(["jobs", "resume", Killed], exitCode: 1);

        Assert.Contains("Collection kept was built with the model use-lite@", resume.Out.Text, StringComparison.Ordinal);
        Assert.Equal(["retention"], Reminders());
    }

    private async Task<QuiverProcess> RunAsync(string[] command, int exitCode = 0)
    {
        var process = QuiverProcess.Start(_home.Path, [.. command, "--data", Data]);
        Assert.True(await process.ExitAsync() == exitCode, process.Describe($"should have ended with {exitCode}"));
        return process;
    }

    private List<string> Reminders()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "grains.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM reminders ORDER BY name";
        using var reader = command.ExecuteReader();
        List<string> names = [];
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
