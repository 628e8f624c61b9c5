using Microsoft.ML.OnnxRuntime;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>One of the threads that tokenize and compute.</summary>
internal sealed class EmbeddingThread
{
    private readonly LocalModel _model;
    private readonly OnnxSession _session;
    private readonly CallQueue _queue;
    private readonly EmbeddingBatchPlanner _planner;
    private readonly bool _truncate;
    private readonly Thread _thread;
    private BertRunner? _runner;

    public EmbeddingThread(int number, LocalModel model, OnnxSession session, CallQueue queue, OnnxOptions options)
    {
        (_model, _session, _queue, _truncate) = (model, session, queue, options.TruncateLongTexts);
        _planner = new EmbeddingBatchPlanner(options.TokensPerRun, options.TextsPerRun);
        _thread = new Thread(Loop) { IsBackground = true, Name = $"embedding {number}" };
        _thread.Start();
    }

    public void Join() => _thread.Join();

    private void Loop()
    {
        using var options = new RunOptions();
        while (_queue.Take() is { } call)
        {
            Serve(call, options);
        }
    }

    private void Serve(EmbeddingCall call, RunOptions options)
    {
        EmbeddingRun? run = null;
        try
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            if (!call.IsPrepared)
            {
                Prepare(call);
            }

            if (call.HasMore)
            {
                run = call.TakeRun();
            }

            // Other threads can take the call's next run while this one computes.
            if (call.HasMore)
            {
                _queue.Add(call);
            }

            if (run is not null)
            {
                Compute(call, run, options);
            }
        }
        catch (OperationCanceledException)
        {
            call.Cancel();
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }
    }

    private void Prepare(EmbeddingCall call)
    {
        var ids = new int[call.Texts.Count][];
        for (var i = 0; i < ids.Length; i++)
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            ids[i] = Fitted(_model.Tokenizer.Encode(call.Prompt.Length == 0 ? call.Texts[i] : call.Prompt + call.Texts[i]), i, call.Prompt);
        }

        call.Prepare(ids, _planner.Plan([.. ids.Select(text => text.Length)]));
    }

    private int[] Fitted(int[] ids, int index, string prompt)
    {
        foreach (var id in ids)
        {
            // The runtime accepts a negative id and reads from the table's end.
            if ((uint)id >= (uint)_model.VocabularySize)
            {
                throw LocalModelReader.Unavailable(
                    $"The vocabulary of {_model.Info.Name} has the id {id} and its graph {_model.VocabularySize} ids: its files do not match.");
            }
        }

        if (ids.Length <= _model.MaxTokens)
        {
            return ids;
        }

        return _truncate
            ? _model.Truncate(ids)
            : throw new InvalidDocumentException(
                ErrorCodes.DocumentTooLarge,
                $"Text {index} of the call has {ids.Length} tokens{(prompt.Length == 0 ? "" : " with its prompt")} and "
                + $"the limit of {_model.Info.Name} is {_model.MaxTokens}: use smaller chunks, or set {OnnxOptions.Section}:{nameof(OnnxOptions.TruncateLongTexts)}.");
    }

    private void Compute(EmbeddingCall call, EmbeddingRun run, RunOptions options)
    {
        _runner ??= new BertRunner(_session.Get(), _model.Info.Dimensions, _model.Pooling);
        options.Terminate = false;
        try
        {
            using var stop = call.CancellationToken.Register(() => options.Terminate = true);
            var vectors = _runner.Run(options, [.. run.Items.Select(item => call.Ids[item])]);
            call.Complete(run, vectors, _model.Info.Dimensions, _model.Info.Id);
        }
        catch (OnnxRuntimeException exception)
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            throw LocalModelReader.Unavailable(
                $"{_model.Info.Name} failed to compute: {exception.Message} Check that config.json or model.json matches the graph and that memory is free.", exception);
        }
    }
}
