using Quiver.Cli;
using Quiver.Cli.Commands;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Doctor;
using Quiver.Silo.Hosting;
using Quiver.Silo.Sessions;

NativeHeaps.Share();
using var interruption = new Interruption();
using var signals = new ConsoleSignals(interruption);
var environment = CliEnvironment.ForConsole(
    new SessionFactory(TimeProvider.System),
    new ServeHost(TimeProvider.System),
    static directory =>
    [
        .. DoctorChecks.OfMachine(directory, static (path, stop) => DataDirectoryLock.DescribeHolderAsync(path, TimeProvider.System, stop)),
        DoctorChecks.OfSettings(directory, static (path, stop) => DataDirectoryLock.FindAddressAsync(path, TimeProvider.System, stop)),
        .. DoctorChecks.OfModel(directory, AppContext.BaseDirectory),
        DoctorChecks.OfVectors(directory),
        .. DoctorChecks.OfCluster(directory),
    ],
    interruption);
return await QuiverCli.InvokeAsync(args, environment);
