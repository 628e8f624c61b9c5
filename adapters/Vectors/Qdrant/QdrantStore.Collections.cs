using System.Text.Json;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <content>Physical collections.</content>
internal sealed partial class QdrantStore
{
    private const int MaxDimensions = 65_536;

    /// <inheritdoc/>
    public async Task<VectorStoreInfo> DescribeAsync(CancellationToken cancellationToken = default)
    {
        var version = await _server.AskAsync(cancellationToken);

        // The root answers without credentials; a list of collections does not.
        await _transport.TellAsync(new("list", HttpMethod.Get, "/collections", _options.ReadTimeout), cancellationToken);
        return new("qdrant", version.Text, version.HasUpdateFilter);
    }

    /// <inheritdoc/>
    public async Task<string?> FindInstanceAsync(CancellationToken cancellationToken = default)
    {
        using var answer = await _transport.SendAsync(new("instance", HttpMethod.Get, "/telemetry?details_level=0", _options.ReadTimeout), cancellationToken);

        // The id is made anew with every start of the server.
        return answer.Read(static result => result.ValueKind == JsonValueKind.Object && result.TryGetProperty("id", out var id) ? id.GetString() : null);
    }

    /// <inheritdoc/>
    public async Task EnsureCollectionAsync(string physicalCollection, PhysicalCollectionSpec spec, CancellationToken cancellationToken = default)
    {
        PhysicalNames.Check(physicalCollection);
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.Dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(spec.Dimensions, MaxDimensions);
        var version = await _server.GetVersionAsync(cancellationToken);
        RequireSupported(version, spec.Storage);
        var missing = await CompareAsync(physicalCollection, spec, cancellationToken);
        if (missing is null)
        {
            await CreateAsync(physicalCollection, spec, version, cancellationToken);
            missing = await CompareAsync(physicalCollection, spec, cancellationToken) ?? QdrantLayout.Indexes;
        }

        foreach (var index in missing)
        {
            await ApplyAsync(
                Write("index", HttpMethod.Put, physicalCollection, "/index", CollectionBody.Index(index)) with { Timeout = _options.AdminTimeout }, cancellationToken);
            QdrantLog.Indexed(_logger, physicalCollection, index.Field);
        }

        Remember(physicalCollection, spec.Dimensions);
    }

    /// <inheritdoc/>
    public async Task ChangeCollectionAsync(string physicalCollection, StorageSettings changes, CancellationToken cancellationToken = default)
    {
        PhysicalNames.Check(physicalCollection);
        RequireSupported(await _server.GetVersionAsync(cancellationToken), changes);
        var refused = StorageField.All.Where(field => field.IsFixed && (field.Name == StorageField.Distance ? changes.Distance is not null : field.Get(changes) is not null)).Select(field => "storage." + field.Name).ToList();
        if (refused.Count > 0)
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict,
                $"Qdrant sets {string.Join(", ", refused)} when a collection is created and never again: make a new collection with the other value and ingest into it.");
        }

        var body = CollectionBody.Change(changes);
        if (body.Length > "{}".Length)
        {
            await _transport.TellAsync(Administer("change", HttpMethod.Patch, physicalCollection, "", body), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task DropCollectionAsync(string physicalCollection, CancellationToken cancellationToken = default)
    {
        PhysicalNames.Check(physicalCollection);
        _dimensions.TryRemove(physicalCollection, out _);

        // The server says false of a collection that is missing, and older ones say 404.
        await OrWhenMissingAsync(
            true,
            async () =>
            {
                await _transport.TellAsync(Administer("drop", HttpMethod.Delete, physicalCollection, "", null), cancellationToken);
                QdrantLog.Dropped(_logger, physicalCollection);
                return true;
            });
    }

    private static void RequireSupported(QdrantVersion version, StorageSettings storage)
    {
        if (storage.StrictMode is not null && !version.HasStrictMode)
        {
            throw new InvalidRequestException(
                ErrorCodes.NotSupported, $"Qdrant {version.Text} has no strict mode: leave storage.strictMode out, or use Qdrant 1.13 or newer.");
        }
    }

    /// <summary>The payload indexes that are missing; null when the collection is.</summary>
    private Task<IReadOnlyList<PayloadIndex>?> CompareAsync(string physicalCollection, PhysicalCollectionSpec spec, CancellationToken cancellationToken) =>
        OrWhenMissingAsync(
            null,
            async () =>
            {
                var request = new QdrantRequest("describe", HttpMethod.Get, QdrantLayout.Path(physicalCollection), _options.ReadTimeout) { Collection = physicalCollection };
                using var answer = await _transport.SendAsync(request, cancellationToken);
                return answer.Read<IReadOnlyList<PayloadIndex>?>(collection =>
                {
                    CollectionComparison.RequireSame(physicalCollection, collection, spec);
                    return IndexComparison.FindMissing(physicalCollection, collection);
                });
            });

    private async Task CreateAsync(string physicalCollection, PhysicalCollectionSpec spec, QdrantVersion version, CancellationToken cancellationToken)
    {
        try
        {
            await _transport.TellAsync(Administer("create", HttpMethod.Put, physicalCollection, "", CollectionBody.Create(spec, version)), cancellationToken);
            QdrantLog.Created(_logger, physicalCollection, spec.Dimensions);
        }
        catch (ConflictException e) when (e.Code == ErrorCodes.SettingsConflict)
        {
            // Somebody else made it just now, or an attempt of ours did whose answer was lost: what matters is what it is.
            QdrantLog.Existed(_logger, physicalCollection);
        }
    }
}
