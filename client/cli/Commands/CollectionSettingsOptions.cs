using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quiver.Cli.Parsing;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands;

/// <summary>The options of <c>quiver collections create</c> and <c>set</c>.</summary>
internal sealed class CollectionSettingsOptions
{
    private const string StoreDefault = "Default: the store's";
    private static readonly QuiverJsonContext Strict =
        new(new JsonSerializerOptions(QuiverJsonContext.Shared.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow });

    private readonly bool _creates;
    private readonly Option<string?> _model = Options.Text(
        "--model", "NAME", "Embedding model: a provider's name, a model's name, or model@revision. Default: the server's setting.");
    private readonly Option<bool> _dedicated = Options.Flag("--dedicated", "Store the collection in a physical collection of its own.");
    private readonly Option<VectorDistance?> _distance = Options.Choice(
        "--distance",
        "Distance function; all but cosine require --dedicated. Default: cosine.",
        ("cosine", VectorDistance.Cosine), ("dot", VectorDistance.Dot), ("euclid", VectorDistance.Euclid), ("manhattan", VectorDistance.Manhattan));

    private readonly Option<long?> _shards = Options.Whole("--shards", $"Number of shards, 1 to 1000. {StoreDefault}.", 1, 1000);
    private readonly Option<TimeSpan?> _retain;
    private readonly Option<Toggle?> _embedContext;
    private readonly Option<long?> _replicas;
    private readonly Option<long?> _consistency;
    private readonly Option<Toggle?> _vectorsOnDisk;
    private readonly Option<Toggle?> _payloadOnDisk;
    private readonly Option<long?> _hnswM;
    private readonly Option<long?> _hnswPayloadM;
    private readonly Option<QuantizationKind?> _quantization;
    private readonly Option<string?> _settings;

    /// <param name="creates">Whether the collection is created, when more can be chosen than later.</param>
    public CollectionSettingsOptions(bool creates)
    {
        _creates = creates;
        var store = creates ? StoreDefault : "Default: unchanged";
        _retain = Options.Duration(
            "--retain-for", $"Delete points this long after they were stored, such as 90d or 12h; off keeps them. Default: {(creates ? "off" : "unchanged")}.");
        _embedContext = Options.Switch(
            "--embed-context",
            creates
                ? "Whether title and headings are embedded with each chunk. Default: true."
                : "Whether title and headings are embedded with each chunk; the next jobs then embed all documents again. Default: unchanged.");
        _replicas = Options.Whole("--replicas", $"Copies of each shard, 1 to 32. {store}.", 1, 32);
        _consistency = Options.Whole("--write-consistency", $"Copies that must confirm a write, 1 to 32. {store}.", 1, 32);
        _vectorsOnDisk = Options.Switch("--vectors-on-disk", $"Whether vectors stay on disk instead of in memory. {store}.");
        _payloadOnDisk = Options.Switch("--payload-on-disk", $"Whether payloads stay on disk instead of in memory. {store}.");
        _hnswM = Options.Whole("--hnsw-m", $"Edges per node of the HNSW graph, 0 to 2048. {store}.", 0, 2048);
        _hnswPayloadM = Options.Whole("--hnsw-payload-m", $"Edges per node of each tenant's HNSW graph, 0 to 2048. {store}.", 0, 2048);
        _quantization = Options.Choice(
            "--quantization",
            $"Quantization of the vectors for a faster first comparison. {store}.",
            ("none", QuantizationKind.None), ("scalar", QuantizationKind.Scalar), ("binary", QuantizationKind.Binary), ("product", QuantizationKind.Product));
        _settings = Options.Text("--settings", "FILE", "JSON file with settings in the format of the HTTP API; options take precedence. Default: none.");
    }

    public void AddTo(Command command)
    {
        Option[] atCreation = _creates ? [_model, _dedicated, _distance, _shards] : [];
        foreach (var option in (IEnumerable<Option>)
            [.. atCreation, _retain, _embedContext, _replicas, _consistency, _vectorsOnDisk, _payloadOnDisk, _hnswM, _hnswPayloadM, _quantization, _settings])
        {
            command.Add(option);
        }
    }

    /// <summary>The settings; null when none was given.</summary>
    /// <exception cref="InvalidRequestException">The file cannot be read or is invalid.</exception>
    public CollectionSettings? Read(ParseResult parse, string currentDirectory)
    {
        var file = parse.GetValue(_settings) is { } path ? ReadFile(Path.GetFullPath(path, currentDirectory)) : new();
        var read = file with
        {
            RetainFor = parse.GetValue(_retain) ?? file.RetainFor,
            EmbedContext = Options.Read(parse.GetValue(_embedContext)) ?? file.EmbedContext,
            Storage = ReadStorage(parse, file.Storage ?? new()) is var storage && storage != new StorageSettings() ? storage : null,
        };
        if (_creates)
        {
            read = read with { Model = parse.GetValue(_model) ?? file.Model, Dedicated = parse.GetValue(_dedicated) ? true : file.Dedicated };
        }

        return read == new CollectionSettings() ? null : read;
    }

    private StorageSettings ReadStorage(ParseResult parse, StorageSettings file)
    {
        var read = file with
        {
            Replicas = (int?)parse.GetValue(_replicas) ?? file.Replicas,
            WriteConsistency = (int?)parse.GetValue(_consistency) ?? file.WriteConsistency,
            VectorsOnDisk = Options.Read(parse.GetValue(_vectorsOnDisk)) ?? file.VectorsOnDisk,
            PayloadOnDisk = Options.Read(parse.GetValue(_payloadOnDisk)) ?? file.PayloadOnDisk,
            Quantization = parse.GetValue(_quantization) is { } kind ? new() { Kind = kind } : file.Quantization,
        };
        if (parse.GetValue(_hnswM) is not null || parse.GetValue(_hnswPayloadM) is not null)
        {
            var hnsw = read.Hnsw ?? new();
            hnsw = hnsw with { M = (int?)parse.GetValue(_hnswM) ?? hnsw.M, PayloadM = (int?)parse.GetValue(_hnswPayloadM) ?? hnsw.PayloadM };
            read = read with { Hnsw = hnsw };
        }

        return _creates ? read with { Distance = parse.GetValue(_distance) ?? file.Distance, Shards = (int?)parse.GetValue(_shards) ?? file.Shards } : read;
    }

    private static CollectionSettings ReadFile(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), Strict.CollectionSettings) ?? throw new JsonException("The file contains null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"{path} does not contain valid settings: {JsonFaults.Describe(exception)}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(ErrorCodes.PathNotFound, $"{path} cannot be read: {exception.Message}", exception);
        }
    }
}
