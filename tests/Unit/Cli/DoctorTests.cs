using System.Text.Json;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Cli;
using Quiver.Cli.Doctor;
using Quiver.Silo.Doctor;
using Quiver.Tests.Support.Models;

namespace Quiver.Tests.Unit.Cli;

public sealed class DoctorTests : IDisposable
{
    private const long Megabyte = 1L << 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("quiver-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Doctor_AWarning_IsStillHealthy()
    {
        var cli = new CliHarness { Checks = [new DiskSpaceCheck(_folder, _ => 500 * Megabyte)] };

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("doctor"));
        Assert.Contains("disk space  warning  500 MB free", cli.Out, StringComparison.Ordinal);
        Assert.Contains("note: disk space: Free some space", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_AFailureOrAnException_IsExit1AndSaysHowToFixIt()
    {
        var cli = new CliHarness { Checks = [new MemoryCheck(() => 100 * Megabyte), new MemoryCheck(() => throw new IOException("no /proc"))] };

        Assert.Equal(ExitCodes.Failure, await cli.RunAsync("doctor"));
        Assert.Contains("fix: memory: End other programs", cli.Out, StringComparison.Ordinal);
        Assert.Contains("no /proc", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataDirectory_Missing_CanBeCreatedAndIsNot()
    {
        var directory = Path.Combine(_folder, "a", "b");

        var result = await Run(new DataDirectoryCheck(directory, (_, _) => Task.FromResult<string?>(null)));

        Assert.Equal(DoctorStatus.Ok, result.Status);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task DataDirectory_HeldByAServer_NamesIt()
    {
        var result = await Run(new DataDirectoryCheck(_folder, (_, _) => Task.FromResult<string?>("the server at http://127.0.0.1:7700")));

        Assert.Equal(DoctorStatus.Ok, result.Status);
        Assert.Contains("held by the server at http://127.0.0.1:7700", result.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task DataDirectory_AFile_Fails()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        Assert.Equal(DoctorStatus.Fail, (await Run(new DataDirectoryCheck(file, (_, _) => Task.FromResult<string?>(null)))).Status);
        Assert.Equal(DoctorStatus.Fail, (await Run(new DataDirectoryCheck(Path.Combine(file, "below"), (_, _) => Task.FromResult<string?>(null)))).Status);
    }

    [Fact]
    public async Task Model_OfTheDataDirectorysSettings_IsTheOneThatIsChecked()
    {
        var settings = JsonSerializer.Serialize(new { Quiver = new { Onnx = new { ModelPath = TinyBert.Path } } });
        await File.WriteAllTextAsync(Path.Combine(_folder, "quiver.json"), settings, TestContext.Current.CancellationToken);

        var result = await Run(DoctorChecks.OfModel(_folder, _folder)[0]);

        Assert.Equal(DoctorStatus.Ok, result.Status);
        Assert.StartsWith("tiny-bert@", result.Message, StringComparison.Ordinal);
        Assert.Contains(TinyBert.Path, result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"Quiver\": { \"Onnx\": { \"Threads\": 0 } } }", "Quiver:Onnx:Threads")]
    [InlineData("{ \"Quiver\": { \"Onnx\": { \"Threads\": \"many\" } } }", "many")]
    [InlineData("{", "quiver.json")]
    public async Task Model_WrongSettings_AreReported(string settings, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "quiver.json"), settings, TestContext.Current.CancellationToken);

        var result = await Run(DoctorChecks.OfModel(_folder, _folder)[0]);

        Assert.Equal(DoctorStatus.Fail, result.Status);
        Assert.Contains(expected, result.Message, StringComparison.Ordinal);
        Assert.StartsWith("Correct quiver.json", result.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"Quiver\": { \"Jobs\": { \"MaxInFlight\": 0 } } }", DoctorStatus.Fail, "Quiver:Jobs:MaxInFlight is '0': set it to a number from 1 to 64.")]
    [InlineData("{ \"Quiver\": { \"Jobs\": { \"MaxInFlight\": \"many\" } } }", DoctorStatus.Fail, "many")]
    [InlineData("{ \"Quiver\": { \"Server\": { \"DrainTimeout\": \"00:00:00\" } } }", DoctorStatus.Fail, "DrainTimeout")]
    [InlineData("{ \"Quiver\": { \"Telemetry\": { \"LogLevel\": \"loud\" } } }", DoctorStatus.Fail, "loud")]
    [InlineData("{ \"Quiver\": { \"S3\": { \"Endpiont\": \"http://127.0.0.1:9000\" } } }", DoctorStatus.Fail, "Quiver:S3:Endpoint")]
    [InlineData("{", DoctorStatus.Fail, "quiver.json")]
    [InlineData("{\n  \"Quiver\": {\n    \"Jobs\": { \"MaxInFlight\": 3,, }\n", DoctorStatus.Fail, "quiver.json'. Line 3, byte 32: ")]
    [InlineData("{}", DoctorStatus.Ok, "starts")]
    public async Task Settings_AServerWouldRefuse_AreReportedLikeTheServerDoes(string settings, DoctorStatus status, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "quiver.json"), settings, TestContext.Current.CancellationToken);

        var result = await Run(DoctorChecks.OfSettings(_folder, static (_, _) => Task.FromResult<Uri?>(null)));

        Assert.Equal(status, result.Status);
        Assert.Contains(expected, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_WithAServerOnTheDirectory_AreSaidNotToBeTheServers()
    {
        var cli = new CliHarness { Checks = [DoctorChecks.OfSettings(_folder, static (_, _) => Task.FromResult<Uri?>(new Uri("http://127.0.0.1:7700/")))] };

        Assert.Equal(ExitCodes.Success, await cli.RunAsync("doctor"));
        Assert.Contains("note: settings: These are the settings of this shell. Commands talk to the server at http://127.0.0.1:7700, ", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_OfTheBuildMissing_SaysToBuildAgain()
    {
        var options = new OnnxOptions { ModelPath = _folder };

        var built = await Run(new ModelCheck(() => options, _folder));
        var other = await Run(new ModelCheck(() => options, Path.Combine(_folder, "built")));

        Assert.All([built, other], result => Assert.Equal(DoctorStatus.Fail, result.Status));
        Assert.StartsWith($"There is no model at {Path.Combine(_folder, "model.onnx")}", built.Message, StringComparison.Ordinal);
        Assert.StartsWith("Build Quiver again with `dotnet build silo`", built.Remedy, StringComparison.Ordinal);
        Assert.StartsWith("Set Quiver:Onnx:ModelPath", other.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_OfEmptyWeights_Fails()
    {
        foreach (var file in Directory.EnumerateFiles(TinyBert.Path))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        await File.WriteAllBytesAsync(Path.Combine(_folder, "model.onnx"), [], TestContext.Current.CancellationToken);

        var result = await Run(new ModelCheck(() => new OnnxOptions { ModelPath = _folder }, "/built"));

        Assert.Equal(DoctorStatus.Fail, result.Status);
        Assert.Contains("is empty", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NativeLibrary_NotALibrary_Fails()
    {
        var file = Path.Combine(_folder, "lib.so");
        await File.WriteAllTextAsync(file, "no library", TestContext.Current.CancellationToken);

        Assert.Equal(DoctorStatus.Fail, (await Run(new NativeLibraryCheck(file))).Status);
        Assert.Contains("missing", (await Run(new NativeLibraryCheck(file + "x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryInfo_OfLinux_IsInBytes()
    {
        Assert.Equal(2_048L * 1_024, MemoryInfo.Available(["MemTotal:  9 kB", "MemAvailable:    2048 kB"]));
        Assert.Null(MemoryInfo.Available(["MemTotal:  9 kB"]));
    }

    [Fact]
    public async Task OfMachine_ThisMachine_Works()
    {
        foreach (var check in DoctorChecks.OfMachine(_folder, (_, _) => Task.FromResult<string?>(null)))
        {
            Assert.NotEmpty((await Run(check)).Message);
        }
    }

    private static Task<DoctorResult> Run(IDoctorCheck check) => check.RunAsync(TestContext.Current.CancellationToken);
}
