using System.Text.Json;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <content>Physical collections.</content>
internal sealed partial class QdrantStore
{
    /// <inheritdoc/>
    public async Task<VectorStoreInfo> DescribeAsync(CancellationToken cancellationToken = default)
    {
        var version = await _server.ReadVersionAsync(cancellationToken);

        // The root needs no credentials; the list of collections does.
        await _transport.ExecuteAsync(new("list", HttpMethod.Get, "/collections", _options.ReadTimeout), cancellationToken);
        return new("qdrant", version.Text, version.HasUpdateFilter);
    }

    /// <inheritdoc/>
    public async Task<string?> FindInstanceAsync(CancellationToken cancellationToken = default)
    {
        using var answer = await _transport.SendAsync(new("instance", HttpMethod.Get, "/telemetry?details_level=0", _options.ReadTimeout), cancellationToken);

        // Each start of the server creates a new id.
        return answer.Read(static result => result.ValueKind == JsonValueKind.Object && result.TryGetProperty("id", out var id) ? id.GetString() : null);
    }

    /// <inheritdoc/>
    public async Task EnsureCollectionAsync(string physicalCollection, PhysicalCollectionSpec spec, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(physicalCollection);
        VectorStoreValidator.CheckDimensions(spec.Dimensions);
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
            var request = Write("index", HttpMethod.Put, physicalCollection, "/index", CollectionBody.Index(index));
            await ApplyAsync(request with { Timeout = _options.AdminTimeout }, cancellationToken);
            QdrantLog.Indexed(_logger, physicalCollection, index.Field);
        }

        Remember(physicalCollection, spec.Dimensions);
    }

    /// <inheritdoc/>
    public async Task ChangeCollectionAsync(string physicalCollection, StorageSettings changes, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(physicalCollection);
        RequireSupported(await _server.GetVersionAsync(cancellationToken), changes);
        var fixedFields = StorageField.All
            .Where(field => field.IsFixed && (field.Name == StorageField.Distance ? changes.Distance is not null : field.Get(changes) is not null))
            .Select(field => "storage." + field.Name)
            .ToList();
        if (fixedFields.Count > 0)
        {
            throw new ConflictException(
                ErrorCodes.SettingsConflict,
                $"Qdrant cannot change {string.Join(", ", fixedFields)} of an existing collection: "
                + "create a new collection with the other value and ingest into it.");
        }

        var body = CollectionBody.Change(changes);
        if (body.Length > "{}".Length)
        {
            await _transport.ExecuteAsync(Administer("change", HttpMethod.Patch, physicalCollection, "", body), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task DropCollectionAsync(string physicalCollection, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(physicalCollection);
        _dimensions.TryRemove(physicalCollection, out _);

        // For a missing collection the server answers false, and older versions answer 404.
        await OrWhenMissingAsync(
            true,
            async () =>
            {
                await _transport.ExecuteAsync(Administer("drop", HttpMethod.Delete, physicalCollection, "", null), cancellationToken);
                QdrantLog.Dropped(_logger, physicalCollection);
                return true;
            });
    }

    private static void RequireSupported(QdrantVersion version, StorageSettings storage)
    {
        if (storage.StrictMode is not null && !version.HasStrictMode)
        {
            throw new InvalidRequestException(
                ErrorCodes.NotSupported, $"Qdrant {version.Text} has no strict mode: remove storage.strictMode, or use Qdrant 1.13 or newer.");
        }
    }

    /// <summary>Returns the missing payload indexes; null when the collection is missing.</summary>
    private Task<IReadOnlyList<PayloadIndex>?> CompareAsync(string physicalCollection, PhysicalCollectionSpec spec, CancellationToken cancellationToken) =>
        OrWhenMissingAsync(
            null,
            async () =>
            {
                var request = new QdrantRequest("describe", HttpMethod.Get, QdrantLayout.Path(physicalCollection), _options.ReadTimeout)
                {
                    Collection = physicalCollection,
                };
                using var answer = await _transport.SendAsync(request, cancellationToken);
                return answer.Read<IReadOnlyList<PayloadIndex>?>(collection =>
                {
                    CollectionComparison.RequireSame(physicalCollection, collection, spec);
                    return CollectionComparison.FindMissingIndexes(physicalCollection, collection);
                });
            });

    private async Task CreateAsync(string physicalCollection, PhysicalCollectionSpec spec, QdrantVersion version, CancellationToken cancellationToken)
    {
        try
        {
            var body = CollectionBody.Create(spec, version);
            await _transport.ExecuteAsync(Administer("create", HttpMethod.Put, physicalCollection, "", body), cancellationToken);
            QdrantLog.Created(_logger, physicalCollection, spec.Dimensions);
        }
        catch (ConflictException exception) when (exception.Code == ErrorCodes.SettingsConflict)
        {
            // Another process created it, or an earlier attempt did and its answer was lost. The comparison decides.
            QdrantLog.Existed(_logger, physicalCollection);
        }
    }
}
