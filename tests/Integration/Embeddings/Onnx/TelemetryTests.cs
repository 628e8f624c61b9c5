using System.Diagnostics;

namespace Quiver.Tests.Integration.Embeddings.Onnx;

public sealed class TelemetryTests
{
    [Fact]
    public async Task GenerateAsync_FreshHomeDirectory_LeavesNoFileThere()
    {
        // A separate process, because the native library reads its environment only once.
        var home = Directory.CreateTempSubdirectory("quiver-home-").FullName;
        var start = new ProcessStartInfo(Environment.ProcessPath ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(TelemetryTests).Assembly.Location);
        }

        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(DefaultModelTests).FullName}.{nameof(DefaultModelTests.GenerateAsync_GoldenTexts_GiveTheGoldenVectors)}");
        start.Environment["HOME"] = home;
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        start.Environment.Remove("XDG_CACHE_HOME");
        start.Environment["DOTNET_CLI_HOME"] = home;

        using var process = Process.Start(start) ?? throw new InvalidOperationException("No process.");
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, output);
        Assert.Contains("Total: 1", output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(home, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }),
            file => file.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase) || file.Contains("DeveloperTools", StringComparison.OrdinalIgnoreCase));
        Directory.Delete(home, recursive: true);
    }
}
