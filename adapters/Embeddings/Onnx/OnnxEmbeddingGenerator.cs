using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>
/// Embeds with a local ONNX model on dedicated threads. Callers share the threads run by run, single texts first. Equal texts get equal
/// vectors, up to rounding (1e-6), whatever else is in the call. Thread-safe.
/// </summary>
public sealed class OnnxEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The provider's name in telemetry.</summary>
    public const string Provider = "onnx";

    private readonly LocalModel _model;
    private readonly OnnxSession _session;
    private readonly OnnxOptions _options;
    private readonly LocalModelReadiness? _readiness;
    private readonly CallQueue _queue = new();
    private readonly SemaphoreSlim _slots;
    private readonly Lock _gate = new();
    private EmbeddingThread[] _threads = [];
    private bool _disposed;

    /// <summary>Reads the model's directory; the weights are loaded on first use.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="logger">The logger.</param>
    /// <param name="readiness">Learns of the first vectors.</param>
    /// <exception cref="PermanentException">Code <see cref="ErrorCodes.ModelUnavailable"/>: the directory holds no usable model.</exception>
    public OnnxEmbeddingGenerator(IOptions<OnnxOptions> options, ILogger<OnnxEmbeddingGenerator> logger, LocalModelReadiness? readiness = null)
    {
        _readiness = readiness;
        _options = options.Value;
        _model = LocalModelReader.Read(_options.ModelPath);
        _session = new OnnxSession(_model.GraphPath, logger);
        _slots = new SemaphoreSlim(_options.MaxCalls);
    }

    /// <summary>The model's identity and limits.</summary>
    public EmbeddingModelInfo Info => _model.Info;

    /// <summary>The model's tokenizer.</summary>
    public ITokenizer Tokenizer => _model.Tokenizer;

    /// <summary>Starts to load the weights in the background and returns at once; an error is thrown by the first call.</summary>
    public void WarmUp() => _ = StartCall(["warm up"], "", CancellationToken.None).Task.ContinueWith(
        static finished => finished.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    /// <summary>Embeds texts; returns the vectors in their order, and the tokens computed in <see cref="GeneratedEmbeddings{T}.Usage"/>.</summary>
    /// <param name="values">The texts, empty ones included.</param>
    /// <param name="options">Queries get their own prompt (<see cref="EmbeddingCallContext.IsQuery"/>).</param>
    /// <param name="cancellationToken">Cancels the wait and the computation.</param>
    /// <exception cref="InvalidDocumentException">Code <see cref="ErrorCodes.DocumentTooLarge"/>: a text has more tokens than the model's limit.</exception>
    /// <exception cref="TransientException">Code <see cref="ErrorCodes.InvalidEmbedding"/>: the model returned an unusable vector.</exception>
    /// <exception cref="PermanentException">Code <see cref="ErrorCodes.ModelUnavailable"/>: the model cannot be loaded or run.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var prompt = EmbeddingCallContext.Of(options).IsQuery ? _model.Prompts.Query : _model.Prompts.Document;
            var call = StartCall([.. values], prompt, cancellationToken);
            using var cancellation = cancellationToken.Register(call.Cancel);
            var embeddings = await call.Task;
            EmbeddingValidator.Validate(embeddings, call.Texts.Count, Info);
            _readiness?.Set();
            return embeddings;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
        {
            return null;
        }

        return serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata(Provider, null, Info.Name, Info.Dimensions)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Waits for the runs in flight, fails the waiting calls, and frees the model.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        foreach (var call in _queue.Close())
        {
            call.Fail(new ObjectDisposedException(nameof(OnnxEmbeddingGenerator)));
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _session.Dispose();
        _slots.Dispose();
    }

    private EmbeddingCall StartCall(IReadOnlyList<string> texts, string prompt, CancellationToken cancellationToken)
    {
        var call = new EmbeddingCall(texts, prompt, cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_threads.Length == 0)
            {
                _threads = [.. Enumerable.Range(0, _options.Threads).Select(number => new EmbeddingThread(number, _model, _session, _queue, _options))];
            }

            _queue.Add(call);
        }

        return call;
    }
}

/// <summary>Whether the local model of this process has computed vectors; known without reading the model. Thread-safe.</summary>
public sealed class LocalModelReadiness
{
    private volatile bool _isReady;

    /// <summary>Whether it has.</summary>
    public bool IsReady => _isReady;

    internal void Set() => _isReady = true;
}

/// <summary>The local model with its decorators: cache and telemetry.</summary>
internal sealed class OnnxEmbeddingModel : IEmbeddingModel
{
    public OnnxEmbeddingModel(
        OnnxEmbeddingGenerator generator,
        EmbeddingInstruments instruments,
        TimeProvider time,
        ILogger<CachingEmbeddingGenerator> logger,
        IEmbeddingCache? cache = null)
    {
        (Info, Tokenizer) = (generator.Info, generator.Tokenizer);
        Generator = new TelemetryEmbeddingGenerator(generator, Info, OnnxEmbeddingGenerator.Provider, instruments, time);
        if (cache is not null)
        {
            Generator = new CachingEmbeddingGenerator(Generator, Info, cache, logger);
        }
    }

    public EmbeddingModelInfo Info { get; }

    public ITokenizer Tokenizer { get; }

    public IEmbeddingGenerator<string, Embedding<float>> Generator { get; }
}
