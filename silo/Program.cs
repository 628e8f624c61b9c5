using Quiver.Cli;
using Quiver.Cli.Commands;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Doctor;
using Quiver.Silo.Hosting;
using Quiver.Silo.Repair;
using Quiver.Silo.Sessions;

FileSizeLimit.Survive();
NativeHeaps.Limit();
using var interruption = new Interruption();
using var signals = new ConsoleSignals(interruption);
var environment = CliEnvironment.ForConsole(
    new SessionFactory(TimeProvider.System),
    new ServeHost(TimeProvider.System),
    new CompactHost(TimeProvider.System),
    new RepairHost(TimeProvider.System),
    static directory => DoctorChecks.Of(directory, AppContext.BaseDirectory),
    interruption);
return await QuiverCli.InvokeAsync(args, environment);
