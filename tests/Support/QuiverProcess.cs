using System.Diagnostics;

namespace Quiver.Tests.Support;

/// <summary>The real executable as a process of its own, with a home of its own; dead when disposed.</summary>
internal sealed class QuiverProcess : IAsyncDisposable
{
    // How long a process can print nothing: one that prints makes progress, however loaded the machine is.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly string _command;

    private QuiverProcess(Process process, string command)
    {
        _process = process;
        _command = command;
        Out = new LineLog(process.StandardOutput);
        Error = new LineLog(process.StandardError);
    }

    public LineLog Out { get; }

    public LineLog Error { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts <c>quiver</c>.</summary>
    /// <param name="home">Its home directory, and where it is run.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Settings such as <c>QUIVER__JOBS__MAXINFLIGHT</c>.</param>
    /// <param name="fileBlocks">The limit of <c>ulimit -f</c>; null for none.</param>
    public static QuiverProcess Start(
        string home, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null, int? fileBlocks = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "quiver");
        var start = new ProcessStartInfo(
            fileBlocks is null ? program : "sh",
            fileBlocks is { } blocks ? ["-c", $"ulimit -f {blocks}; exec \"$0\" \"$@\"", program, .. arguments] : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("QUIVER__", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment.Remove("XDG_DATA_HOME");
        start.Environment["HOME"] = home;

        // Measuring methods in order to compile them better later costs a process that lives for seconds more than it brings.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process, $"quiver {string.Join(' ', start.ArgumentList)}");
    }

    /// <summary>Settings such as <c>Quiver:Jobs:MaxInFlight</c> as environment variables.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ToEnvironment(IEnumerable<KeyValuePair<string, string?>> settings) =>
        settings.Select(static setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant(), setting.Value!));

    /// <summary>Runs <c>quiver</c> to its end, which must be the given exit code.</summary>
    public static async Task<LineLog> RunAsync(
        string home, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null, int exitCode = 0)
    {
        await using var process = Start(home, arguments, environment);
        Assert.True(await process.ExitAsync() == exitCode, process.Describe($"should have ended with {exitCode}"));
        return process.Out;
    }

    /// <summary>The next line of an output that fits.</summary>
    public async Task<string> LineAsync(LineLog log, Func<string, bool> fits, string what)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        try
        {
            return await WhilePrintingAsync(log.NextAsync(fits, stop.Token), $"printed no {what}")
                ?? throw new InvalidOperationException(Describe($"ended without {what}"));
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>SIGKILL: the process is gone at once, whatever it was doing.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGSTOP: the process stops without notice until it is thawed.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => SignalAsync("-CONT");

    /// <summary>SIGTERM.</summary>
    public Task TerminateAsync() => SignalAsync("-TERM");

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public Task InterruptAsync() => SignalAsync("-INT");

    /// <summary>Waits for the end, and for all output.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> ExitAsync()
    {
        return WhilePrintingAsync(EndAsync(), "did not end");

        async Task<int> EndAsync()
        {
            await Task.WhenAll(_process.WaitForExitAsync(TestContext.Current.CancellationToken), Out.Ended, Error.Ended);
            return _process.ExitCode;
        }
    }

    /// <summary>A message with all that helps to understand it.</summary>
    public string Describe(string what) =>
        $"'{_command}' {what}; {(_process.HasExited ? $"it ended with {_process.ExitCode}" : "it still runs")}.\nstdout: {Shorten(Out.Text)}\nstderr: {Shorten(Error.Text)}";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<T> WhilePrintingAsync<T>(Task<T> awaited, string otherwise)
    {
        while (true)
        {
            var printed = Task.WhenAny(Out.Changed, Error.Changed);
            try
            {
                await Task.WhenAny(awaited, printed).WaitAsync(MaxSilence, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException(Describe($"{otherwise} and printed nothing for {MaxSilence}"));
            }

            if (awaited.IsCompleted)
            {
                return await awaited;
            }
        }
    }

    private static string Shorten(string text) => text.Length <= 4000 ? text : $"{text[..2000]} … {text[^2000..]}";

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(kill.ExitCode == 0, Describe($"could not be sent {signal}"));
    }
}
