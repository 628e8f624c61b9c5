using System.Diagnostics;

namespace Quiver.Tests.Behaviour;

/// <summary>Runs commands where a directory is mounted read-only, for that command alone.</summary>
internal static class ReadOnlyMount
{
    private const string Script = """mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@" """;

    /// <summary>Whether this system permits it.</summary>
    public static async Task<bool> IsPossibleAsync(string directory)
    {
        if (!File.Exists("/usr/bin/unshare"))
        {
            return false;
        }

        var result = await StartAsync(directory, directory, ["sh", "-c", $"touch {directory}/probe 2>/dev/null && exit 1 || exit 7"]);
        return result.ExitCode == 7;
    }

    /// <summary>Runs <c>quiver</c> to its end.</summary>
    public static Task<CliResult> RunAsync(string home, string data, IEnumerable<string> command) =>
        StartAsync(home, data, [Path.Combine(AppContext.BaseDirectory, "quiver"), .. command, "--data", data]);

    private static async Task<CliResult> StartAsync(string home, string mounted, IEnumerable<string> command)
    {
        var token = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("unshare", ["--mount", "sh", "-c", Script, "sh", mounted, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        start.Environment["HOME"] = home;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(token);
        var error = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return new(process.ExitCode, (await output).TrimEnd('\n'), (await error).TrimEnd('\n'));
    }
}
