using Quiver.Client.Cli;
using Quiver.Client.Cli.Doctor;
using Quiver.Silo.Commands.Doctor;

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
    public async Task Doctor_AFailureOrAnException_IsExit1AndSaysHowToMend()
    {
        var cli = new CliHarness { Checks = [new MemoryCheck(() => 100 * Megabyte), new MemoryCheck(() => throw new IOException("no /proc"))] };

        Assert.Equal(ExitCodes.Failure, await cli.RunAsync("doctor"));
        Assert.Contains("mend: memory: End other programs", cli.Out, StringComparison.Ordinal);
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
    public async Task Model_AFileIsMissing_SaysWhetherTheToolsAreThere()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.onnx"), "x", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "node"), "", TestContext.Current.CancellationToken);

        var complete = await Run(new ModelFilesCheck(_folder, ["a.onnx"], null));
        var incomplete = await Run(new ModelFilesCheck(_folder, ["a.onnx", "vocab.json"], _folder));

        Assert.Equal(DoctorStatus.Ok, complete.Status);
        Assert.Equal(DoctorStatus.Fail, incomplete.Status);
        Assert.StartsWith("vocab.json missing", incomplete.Message, StringComparison.Ordinal);
        Assert.StartsWith("Install npm (Node.js)", incomplete.Remedy, StringComparison.Ordinal);
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
            Assert.NotEmpty((await Run(check)).Message);
    }

    private static Task<DoctorResult> Run(IDoctorCheck check) => check.RunAsync(TestContext.Current.CancellationToken);
}
