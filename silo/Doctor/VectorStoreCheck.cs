using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Cli.Doctor;
using Quiver.Silo.Vectors;

namespace Quiver.Silo.Doctor;

/// <summary>The vector store of the settings answers, and can do what Quiver asks of it.</summary>
/// <param name="settings">Reads the settings.</param>
internal sealed class VectorStoreCheck(Func<IConfiguration> settings) : IDoctorCheck
{
    public string Name => "vector store";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var options = new QdrantOptions();
        try
        {
            var configuration = settings();
            if (VectorStoreServiceCollectionExtensions.ReadKind(configuration) == VectorStoreKind.Embedded)
            {
                return DoctorResult.Ok("The embedded index in the data directory.");
            }

            configuration.GetSection(QdrantOptions.Section).Bind(options);
        }
        catch (Exception error) when (error is QuiverException or InvalidOperationException)
        {
            return DoctorResult.Fail(error.Message, SettingsCheck.Advice);
        }

        var valid = new QdrantOptionsValidator().Validate(null, options);
        return valid.Failed ? DoctorResult.Fail(valid.FailureMessage, SettingsCheck.Advice) : await AskAsync(options, cancellationToken);
    }

    private static async Task<DoctorResult> AskAsync(QdrantOptions options, CancellationToken cancellationToken)
    {
        using var store = new QdrantStore(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System, Random.Shared, NullLogger<QdrantStore>.Instance);
        try
        {
            var info = await store.DescribeAsync(cancellationToken);
            return info.FencesWrites
                ? DoctorResult.Ok($"Qdrant {info.Version} at {options.Address}.")
                : DoctorResult.Warn(
                    $"Qdrant {info.Version} at {options.Address} cannot fence writes, so two silos that write the same point at the same moment are not told apart.",
                    "Use Qdrant 1.16 or newer.");
        }
        catch (QuiverException error)
        {
            return DoctorResult.Fail(error.Message, $"Start Qdrant, or set {QdrantOptions.Section}:{nameof(QdrantOptions.Address)} and {nameof(QdrantOptions.ApiKey)}.");
        }
    }
}
