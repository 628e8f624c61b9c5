
using Quiver.Cli;
using Quiver.Cli.Commands;
using Quiver.Silo.Sessions;

namespace Quiver.Tests.Behaviour;

/// <summary>The real command line in this process: real sessions, real host, only the console is not one.</summary>
internal static class CliRun
{
    public static async Task<CliResult> InvokeAsync(string currentDirectory, params string[] arguments)
    {
        using var interruption = new Interruption();
        await using var registration = TestContext.Current.CancellationToken.Register(() => interruption.Signal(InterruptKind.Interrupt));
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await QuiverCli.InvokeAsync(arguments, new CliEnvironment
        {
            Out = output,
            Error = error,
            In = static () => TextReader.Null,
            Sessions = new SessionFactory(TimeProvider.System),
            Server = new ServeHost(TimeProvider.System),
            DoctorChecks = static _ => [],
            Interruption = interruption,
            CurrentDirectory = currentDirectory,
            ExecutableDirectory = AppContext.BaseDirectory,
            Variable = static _ => null,
        });
        return new(code, output.ToString(), error.ToString());
    }
}
