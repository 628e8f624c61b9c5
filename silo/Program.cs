using Quiver.Cli;
using Quiver.Cli.Commands;
using Quiver.Silo.Doctor;
using Quiver.Silo.Hosting;
using Quiver.Silo.Sessions;

NativeHeaps.Limit();
using var interruption = new Interruption();
using var signals = new ConsoleSignals(interruption);
var environment = CliEnvironment.ForConsole(
    new SessionFactory(TimeProvider.System),
    new ServeHost(TimeProvider.System),
    static directory => DoctorChecks.Of(directory, AppContext.BaseDirectory),
    interruption);
return await QuiverCli.InvokeAsync(args, environment);
