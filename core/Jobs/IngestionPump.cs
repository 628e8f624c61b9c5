using System.Threading.Channels;
using Quiver.Core.Resilience;
using Quiver.Core.Sources;

namespace Quiver.Core.Jobs;

/// <summary>How a pump ended without an error.</summary>
internal enum PumpEnd
{
    /// <summary>The source ended; everything read is stored and checkpointed.</summary>
    SourceEnded = 1,

    /// <summary>The pump was stopped; batches in flight are stored and checkpointed, or will be repeated.</summary>
    Stopped = 2,
}

/// <summary>
/// Moves a source through the workers: reads ahead, keeps a bounded number of batches in flight, commits and checkpoints the contiguous prefix. One
/// flow of control owns its state, so it needs neither locks nor a particular scheduler.
/// </summary>
internal sealed class IngestionPump
{
    private readonly PumpSettings _settings;
    private readonly IPumpHost _host;
    private readonly TimeProvider _time;
    private readonly BatchRunner _runner;
    private readonly SourceReader _reader;
    private readonly CheckpointTracker _tracker;
    private readonly SourceCursor _from;

    // Holds at most one completion for each batch in flight.
    private readonly Channel<BatchCompletion> _completions = Channel.CreateUnbounded<BatchCompletion>();

    private readonly DocumentsInFlight _documents = new();

    private Batch? _held;
    private int _inFlight;
    private bool _uncommitted;
    private long _lastCheckpoint;
    private Exception? _error;

    public IngestionPump(
        PumpSettings settings, IDocumentSource source, SourceCursor from, JobCounters counters, IPumpHost host, RetrySchedule retries, TimeProvider time)
    {
        _settings = settings;
        _host = host;
        _time = time;
        _from = from;
        _tracker = new CheckpointTracker(from, counters);
        _reader = new SourceReader(source, new Batcher(settings.BatchDocuments, settings.BatchCharacters), Retry().Start(), time);
        _runner = new BatchRunner(host, Retry(), time);

        // The source and the batches have an outage limit each; one batch that succeeds ends the outage for the others.
        JobRetry Retry() => new(retries, settings.MaxAttempts, settings.OutageLimit, time);
    }

    /// <summary>Pumps until the source ends or the run is stopped. In any case, batches that finished by then are checkpointed.</summary>
    /// <exception cref="QuiverException">The source or a batch failed permanently.</exception>
    public async Task<PumpEnd> RunAsync(RunStop run)
    {
        // The pump's own stop: an error stops the pump, not the run.
        using var stop = new RunStop(run);
        var read = _reader.RunAsync(_from, stop.Draining);
        _lastCheckpoint = _time.GetTimestamp();
        var ended = false;
        try
        {
            ended = await PumpAsync(stop);
        }
        catch
        {
            // The checkpoint could not be written: the results of batches in flight are lost.
            await stop.AbortAsync();
            throw;
        }
        finally
        {
            await stop.DrainAsync();
            await read;
        }

        if (_error is not null)
        {
            throw _error;
        }

        return ended ? PumpEnd.SourceEnded : PumpEnd.Stopped;
    }

    private async Task<bool> PumpAsync(RunStop stop)
    {
        Task<bool>? nextBatch = null;
        Task<bool>? nextCompletion = null;
        Task<bool>? nextStall = null;
        var ended = false;
        while (true)
        {
            var stopping = stop.IsDraining || _error is not null;
            while (!stopping && HasRoom && TryTake() is { } batch)
            {
                Start(batch, stop);
            }

            var finished = false;
            var committed = false;
            while (_completions.Reader.TryRead(out var completion))
            {
                finished = true;
                committed |= Finish(completion);
            }

            if (committed)
            {
                _host.Progressed();
            }

            if (_reader.Stalls.TryRead(out var stall))
            {
                _host.Stalled(stall.Code, stall.Message);
            }

            await CheckpointIfDueAsync(force: false);
            if (finished)
            {
                continue;
            }

            if (_error is not null)
            {
                // Ends the waits of batches in backoff: the job has failed.
                await stop.DrainAsync();
            }

            stopping = stop.IsDraining;
            if (_inFlight == 0 && (stopping || ended))
            {
                await CheckpointIfDueAsync(force: true);
                return ended && _tracker.Window == 0 && _error is null;
            }

            nextCompletion ??= _completions.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            nextBatch ??= !stopping && !ended && HasRoom && _held is null ? WaitForBatchAsync(stop) : null;
            nextStall ??= _reader.Stalls.WaitToReadAsync(CancellationToken.None).AsTask();
            await WaitForAnyAsync(nextBatch, _inFlight > 0 ? nextCompletion : null, nextStall);
            if (nextBatch is { IsCompleted: true })
            {
                ended = !await nextBatch && !stop.IsDraining && _error is null;
                nextBatch = null;
            }

            nextCompletion = nextCompletion.IsCompleted ? null : nextCompletion;
            nextStall = nextStall.IsCompleted ? null : nextStall;
        }
    }

    private bool HasRoom => _inFlight < _settings.MaxConcurrent && _tracker.Window < _settings.MaxWindow;

    /// <summary>
    /// Returns the next batch that may start. A batch that shares a document id with batches in flight waits until they are finished: of two
    /// records with the same id, the later one must win.
    /// </summary>
    private Batch? TryTake()
    {
        if (_held is null && !_reader.Batches.TryRead(out _held))
        {
            return null;
        }

        if (!_documents.TryEnter(_held))
        {
            return null;
        }

        var batch = _held;
        _held = null;
        return batch;
    }

    private void Start(Batch batch, RunStop stop)
    {
        _inFlight++;
        _ = RunAsync(_tracker.Start(batch.Next));

        async Task RunAsync(long number) => _completions.Writer.TryWrite(await _runner.RunAsync(number, batch, stop));
    }

    private bool Finish(BatchCompletion completion)
    {
        _inFlight--;
        _documents.Leave(completion.Batch);
        _error ??= completion.Error;
        if (completion.Counters is not { } counters || !_tracker.Finish(completion.Number, counters))
        {
            return false;
        }

        _error ??= JobOutcome.FindTooManyFailures(_tracker.Counters, _settings.ExpectedDocuments, _settings.MaxFailureRatio);
        _uncommitted = true;
        return true;
    }

    private async Task CheckpointIfDueAsync(bool force)
    {
        if (_uncommitted && (force || _time.GetElapsedTime(_lastCheckpoint) >= _settings.CheckpointInterval))
        {
            _uncommitted = false;
            await _host.CheckpointAsync(_tracker.Cursor, _tracker.Counters);
            _lastCheckpoint = _time.GetTimestamp();
        }
    }

    private async Task<bool> WaitForBatchAsync(RunStop stop)
    {
        try
        {
            return await _reader.Batches.WaitToReadAsync(CancellationToken.None);
        }
        catch (Exception) when (stop.IsDraining)
        {
            // The error of a stopped source says nothing about the source.
            return false;
        }
        catch (Exception exception)
        {
            _error ??= exception;
            return false;
        }
    }

    /// <summary>Waits until a batch can start, a batch finishes, the source stalls, or a checkpoint is due.</summary>
    private async Task WaitForAnyAsync(Task? batch, Task? completion, Task stall)
    {
        using var timer = new CancellationTokenSource();
        List<Task> tasks = new(4) { stall };
        if (batch is not null)
        {
            tasks.Add(batch);
        }

        if (completion is not null)
        {
            tasks.Add(completion);
        }

        if (_uncommitted)
        {
            var wait = _settings.CheckpointInterval - _time.GetElapsedTime(_lastCheckpoint);
            tasks.Add(Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _time, timer.Token));
        }

        await Task.WhenAny(tasks);
        await timer.CancelAsync();
    }
}

/// <summary>The ids of the documents in flight: no two batches in flight share one. Not thread-safe; bounded by the batches in flight.</summary>
internal sealed class DocumentsInFlight
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>Adds a batch's documents; false when one of them is in flight already.</summary>
    public bool TryEnter(Batch batch)
    {
        foreach (var document in batch.Documents)
        {
            if (document.FaultCode is null && _ids.Contains(document.Id))
            {
                return false;
            }
        }

        foreach (var document in batch.Documents)
        {
            if (document.FaultCode is null)
            {
                _ids.Add(document.Id);
            }
        }

        return true;
    }

    /// <summary>Removes a batch's documents.</summary>
    public void Leave(Batch batch)
    {
        foreach (var document in batch.Documents)
        {
            if (document.FaultCode is null)
            {
                _ids.Remove(document.Id);
            }
        }
    }
}
