using Quiver.Core.Vectors;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <content>Physical collections.</content>
internal sealed partial class QdrantStore
{
    /// <inheritdoc/>
    public async Task<VectorStoreInfo> DescribeAsync(CancellationToken cancellationToken = default)
    {
        var version = await _server.ReadVersionAsync(cancellationToken);

        // The version needs no credentials; the list of collections does.
        await _transport.SendAsync(new("list", _options.ReadTimeout), options => _transport.Collections.ListAsync(new(), options), cancellationToken);
        return new("qdrant", version.Text, version.HasUpdateFilter);
    }

    /// <inheritdoc/>
    public Task<string?> FindInstanceAsync(CancellationToken cancellationToken = default) =>
        _process?.FindIdAsync(cancellationToken) ?? Task.FromResult<string?>(null);

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
            var request = Administer("index", physicalCollection);
            var message = CollectionMessages.Index(physicalCollection, index);
            SetTimeout(request, seconds => message.Timeout = seconds);
            await ApplyAsync(
                request,
                options => _transport.Points.CreateFieldIndexAsync(message, options),
                async token => (await DescribeAsync(physicalCollection, token)).PayloadSchema.ContainsKey(index.Field),
                cancellationToken);
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

        if (CollectionMessages.Change(physicalCollection, changes) is { } message)
        {
            await ChangeAsync(message, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task DropCollectionAsync(string physicalCollection, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(physicalCollection);
        _dimensions.TryRemove(physicalCollection, out _);

        // For a missing collection the server answers false, and older versions answer "not found".
        await OrWhenMissingAsync(
            true,
            async () =>
            {
                var request = Administer("drop", physicalCollection);
                var message = new Wire.DeleteCollection { CollectionName = physicalCollection };
                SetTimeout(request, seconds => message.Timeout = seconds);
                await _transport.SendAsync(request, options => _transport.Collections.DeleteAsync(message, options), cancellationToken);
                QdrantLog.Dropped(_logger, physicalCollection);
                return true;
            });
    }

    /// <inheritdoc/>
    public async Task<IndexStatus?> FindIndexStatusAsync(string physicalCollection, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(physicalCollection);
        return await OrWhenMissingAsync(null, async () => (IndexStatus?)CollectionStatus.Read(await DescribeAsync(physicalCollection, cancellationToken)));
    }

    /// <summary>Describes Quiver's physical collections that the server's optimizer cannot finish, at most <paramref name="limit"/> of them examined.</summary>
    /// <param name="limit">The most collections to read.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    public async Task<IReadOnlyList<string>> FindTroubleAsync(int limit, CancellationToken cancellationToken)
    {
        var list = await _transport.SendAsync(new("list", _options.ReadTimeout), options => _transport.Collections.ListAsync(new(), options), cancellationToken);
        List<string> trouble = [];
        foreach (var name in list.Collections.Select(static collection => collection.Name).Where(static name => name.StartsWith(QdrantLayout.NamePrefix, StringComparison.Ordinal)).Take(limit))
        {
            var description = await OrWhenMissingAsync(null, async () => CollectionStatus.FindTrouble(await DescribeAsync(name, cancellationToken)));
            if (description is not null)
            {
                trouble.Add($"{name} {description}");
            }
        }

        return trouble;
    }

    private static void RequireSupported(QdrantVersion version, StorageSettings storage)
    {
        if (storage.StrictMode is not null && !version.HasStrictMode)
        {
            throw new InvalidRequestException(
                ErrorCodes.NotSupported, $"Qdrant {version.Text} has no strict mode: remove storage.strictMode, or use Qdrant 1.13 or newer.");
        }
    }

    private async Task<Wire.CollectionInfo> DescribeAsync(string physicalCollection, CancellationToken cancellationToken)
    {
        var message = new Wire.GetCollectionInfoRequest { CollectionName = physicalCollection };
        var request = Read("describe", physicalCollection);
        var answer = await _transport.SendAsync(request, options => _transport.Collections.GetAsync(message, options), cancellationToken);
        return answer.Result ?? throw QdrantFaults.OfShape(request, "it describes no collection.");
    }

    /// <summary>Returns the missing payload indexes; null when the collection is missing.</summary>
    private Task<IReadOnlyList<PayloadIndex>?> CompareAsync(string physicalCollection, PhysicalCollectionSpec spec, CancellationToken cancellationToken) =>
        OrWhenMissingAsync(
            null,
            async () =>
            {
                var collection = await DescribeAsync(physicalCollection, cancellationToken);
                CollectionComparison.RequireSame(physicalCollection, collection, spec);
                if (collection.Config?.OptimizerConfig is { HasPreventUnoptimized: true, PreventUnoptimized: true })
                {
                    QdrantLog.PreventsUnoptimized(_logger, physicalCollection);
                }

                return (IReadOnlyList<PayloadIndex>?)CollectionComparison.FindMissingIndexes(physicalCollection, collection);
            });

    private async Task CreateAsync(string physicalCollection, PhysicalCollectionSpec spec, QdrantVersion version, CancellationToken cancellationToken)
    {
        try
        {
            var request = Administer("create", physicalCollection);
            var message = CollectionMessages.Create(physicalCollection, spec, version);
            SetTimeout(request, seconds => message.Timeout = seconds);
            await _transport.SendAsync(request, options => _transport.Collections.CreateAsync(message, options), cancellationToken);
            QdrantLog.Created(_logger, physicalCollection, spec.Dimensions);
        }
        catch (ConflictException exception) when (exception.Code == ErrorCodes.SettingsConflict)
        {
            // Another process created it, or an earlier attempt did and its answer was lost. The comparison decides.
            QdrantLog.Existed(_logger, physicalCollection);
            return;
        }

        if (spec.Storage.Quantization is { Kind: QuantizationKind.None } none)
        {
            await RemoveDefaultQuantizationAsync(physicalCollection, none, cancellationToken);
        }
    }

    /// <summary>A creation without quantization gets the server's default, if it has one; only a change can remove it.</summary>
    private async Task RemoveDefaultQuantizationAsync(string physicalCollection, QuantizationSettings none, CancellationToken cancellationToken)
    {
        var collection = await DescribeAsync(physicalCollection, cancellationToken);
        if (QuantizationNames.Of(collection.Config?.QuantizationConfig) != QuantizationNames.Of(none.Kind)
            && CollectionMessages.Change(physicalCollection, new() { Quantization = none }) is { } change)
        {
            await ChangeAsync(change, cancellationToken);
            QdrantLog.Unquantized(_logger, physicalCollection);
        }
    }

    private async Task ChangeAsync(Wire.UpdateCollection message, CancellationToken cancellationToken)
    {
        var request = Administer("change", message.CollectionName);
        SetTimeout(request, seconds => message.Timeout = seconds);
        await _transport.SendAsync(request, options => _transport.Collections.UpdateAsync(message, options), cancellationToken);
    }
}
