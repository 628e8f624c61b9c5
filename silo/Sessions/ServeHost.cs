using Quiver.Cli.Sessions;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;
using Quiver.Silo.Serving;
using Quiver.Silo.Telemetry;

namespace Quiver.Silo.Sessions;

/// <summary>Runs the server in this process.</summary>
internal sealed class ServeHost(TimeProvider time) : IServeHost
{
    public async Task RunAsync(ServeRequest request, CancellationToken cancellationToken)
    {
        await using var directory = await DataDirectoryLock.AcquireAsync(request.DataDirectory, "quiver serve", runsJobs: true, time, cancellationToken);
        var configuration = QuiverSettings.Load(request.DataDirectory);
        await using var server = QuiverServer.Create(new QuiverServerSetup
        {
            Configuration = configuration,
            Directory = directory,
            AddSilo = services => services.AddQuiverSilo(configuration, new SiloSettings(request.DataDirectory, RunsJobs: true)),
            Configure = options =>
            {
                if (!request.Urls.IsEmpty)
                {
                    // An address on the command line is explicit.
                    options.Urls = [.. request.Urls];
                    options.AllowRemote = true;
                }
            },
            Logging = logging => logging.AddQuiverLogging(configuration, toStandardError: true, request.Verbose ? LogLevel.Debug : null),
        });
        if (await server.RunAsync(request.Started, cancellationToken) != 0)
        {
            throw new PermanentException(
                ErrorCodes.Internal, "The server stopped because one of its services failed; see its log. Its jobs continue when it is started again.");
        }
    }
}
