using Quiver.Cli.Doctor;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;
using Quiver.Silo.Serving;

namespace Quiver.Silo.Doctor;

/// <summary>A server would start with the settings: what it would refuse is said here in the same words.</summary>
/// <param name="directory">The data directory, absolute; its settings count, and it need not exist.</param>
/// <param name="server">Finds the server that runs on the directory; null when there is none.</param>
internal sealed class SettingsCheck(string directory, Func<string, CancellationToken, Task<Uri?>> server) : IDoctorCheck
{
    /// <summary>What to do about a setting that is wrong.</summary>
    public const string Advice = "Mend quiver.json, or the environment variables that begin with QUIVER__.";

    public string Name => "settings";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var configuration = QuiverSettings.Load(directory);
            await using var candidate = QuiverServer.Create(new QuiverServerSetup
            {
                Configuration = configuration,
                AddSilo = services => services.AddQuiverSilo(configuration, new SiloSettings(directory, RunsJobs: true)),
            });
            SettingsValidation.Validate(candidate.Services);
            return await server(directory, cancellationToken) is { } running
                ? new(DoctorStatus.Ok, "A server starts with them; the one that runs has its own.", Elsewhere(running))
                : DoctorResult.Ok("A server starts with them.");
        }
        catch (InvalidRequestException error)
        {
            return DoctorResult.Fail(error.Message, Advice);
        }
    }

    private static string Elsewhere(Uri running) =>
        $"These are the settings of this shell. Commands talk to the server at {running.GetLeftPart(UriPartial.Authority)}, which goes by those that it was started with: change them there and start it again.";
}
