using System.Threading.Channels;
using Quiver.Core.Resilience;
using Quiver.Core.Sources;

namespace Quiver.Core.Jobs;

/// <summary>
/// Moves a source through the workers: reads ahead, keeps so many batches in flight, commits the contiguous prefix, checkpoints it. All
/// its state belongs to one flow of control, so that it needs neither locks nor a particular scheduler.
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

    private SourceBatch? _held;
    private int _inFlight;
    private bool _uncommitted;
    private long _lastCheckpoint;
    private Exception? _error;

    public IngestionPump(PumpSettings settings, IDocumentSource source, SourceCursor from, JobCounters counters, IPumpHost host, RetrySchedule retries, TimeProvider time)
    {
        _settings = settings;
        _host = host;
        _time = time;
        _from = from;
        _tracker = new CheckpointTracker(from, counters);
        _reader = new SourceReader(source, new Batcher(settings.BatchDocuments, settings.BatchCharacters), new Attempts(retries, settings.MaxAttempts, new Outage(settings.OutageLimit, time)), time);
        _runner = new BatchRunner(host, retries, settings.MaxAttempts, settings.OutageLimit, time);
    }

    /// <summary>Pumps to the source's end, or until told to stop. Whichever way it ends, what was finished by then is checkpointed.</summary>
    /// <param name="drain">No new batches; those in flight finish.</param>
    /// <param name="abort">Batches in flight are stopped as well.</param>
    /// <exception cref="QuiverException">The source or a batch failed for good.</exception>
    public async Task<PumpEnd> RunAsync(CancellationToken drain, CancellationToken abort)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(drain, abort);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var read = _reader.RunAsync(_from, reading.Token);
        _lastCheckpoint = _time.GetTimestamp();
        var ended = false;
        try
        {
            ended = await PumpAsync(reading, stopping.Token);
        }
        catch
        {
            // The checkpoint could not be written: what is in flight works for nobody any more.
            await stopping.CancelAsync();
            throw;
        }
        finally
        {
            await reading.CancelAsync();
            await read;
        }

        if (_error is not null)
        {
            throw _error;
        }

        return ended ? PumpEnd.SourceEnded : PumpEnd.Stopped;
    }

    private async Task<bool> PumpAsync(CancellationTokenSource reading, CancellationToken abort)
    {
        var drain = reading.Token;
        Task<bool>? nextBatch = null;
        Task<bool>? nextCompletion = null;
        Task<bool>? nextStall = null;
        var ended = false;
        while (true)
        {
            var stopping = drain.IsCancellationRequested || _error is not null;
            while (!stopping && HasRoom && TryTake() is { } batch)
            {
                Start(batch, drain, abort);
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
                // Batches in backoff need not wait for a job that has failed.
                await reading.CancelAsync();
            }

            stopping = drain.IsCancellationRequested;
            if (_inFlight == 0 && (stopping || ended))
            {
                await CheckpointIfDueAsync(force: true);
                return ended && _tracker.Window == 0 && _error is null;
            }

            nextCompletion ??= _completions.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            nextBatch ??= !stopping && !ended && HasRoom && _held is null ? WaitForBatchAsync(drain) : null;
            nextStall ??= _reader.Stalls.WaitToReadAsync(CancellationToken.None).AsTask();
            await WaitForAnyAsync(nextBatch, _inFlight > 0 ? nextCompletion : null, nextStall);
            if (nextBatch is { IsCompleted: true })
            {
                ended = !await nextBatch && !drain.IsCancellationRequested && _error is null;
                nextBatch = null;
            }

            nextCompletion = nextCompletion.IsCompleted ? null : nextCompletion;
            nextStall = nextStall.IsCompleted ? null : nextStall;
        }
    }

    private bool HasRoom => _inFlight < _settings.MaxUnderWay && _tracker.Window < _settings.MaxWindow;

    /// <summary>
    /// The next batch that may start. One that has a document in common with those in flight is held back until they are finished, so
    /// that of two records with the same id the later one is what stays.
    /// </summary>
    private SourceBatch? TryTake()
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

    private async Task<bool> WaitForBatchAsync(CancellationToken reading)
    {
        try
        {
            return await _reader.Batches.WaitToReadAsync(CancellationToken.None);
        }
        catch (Exception) when (reading.IsCancellationRequested)
        {
            // Whatever a stopped source ends with says nothing about it.
            return false;
        }
        catch (Exception e)
        {
            _error ??= e;
            return false;
        }
    }

    /// <summary>Waits for a batch to start or to finish or for the source to stall, and no longer than until a checkpoint is due.</summary>
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

    private void Start(SourceBatch batch, CancellationToken drain, CancellationToken abort)
    {
        _inFlight++;
        _ = RunAsync(_tracker.Start(batch.Next));

        async Task RunAsync(long number) => _completions.Writer.TryWrite(await _runner.RunAsync(number, batch, drain, abort));
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
}

/// <summary>The ids of the documents in flight: never two batches at a time with the same one. Not thread-safe; bounded by the batches in flight.</summary>
internal sealed class DocumentsInFlight
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>Notes a batch's documents, unless one of them is in flight already.</summary>
    public bool TryEnter(SourceBatch batch)
    {
        foreach (var item in batch.Items)
        {
            if (item.FaultCode is null && _ids.Contains(item.Id))
            {
                return false;
            }
        }

        foreach (var item in batch.Items)
        {
            if (item.FaultCode is null)
            {
                _ids.Add(item.Id);
            }
        }

        return true;
    }

    /// <summary>Forgets a batch's documents.</summary>
    public void Leave(SourceBatch batch)
    {
        foreach (var item in batch.Items)
        {
            if (item.FaultCode is null)
            {
                _ids.Remove(item.Id);
            }
        }
    }
}

/// <summary>Why a pump came to rest without an error.</summary>
internal enum PumpEnd
{
    /// <summary>The source ended and everything read is stored and checkpointed.</summary>
    SourceEnded = 1,

    /// <summary>It was told to stop; what was in flight is stored and checkpointed, or will be done again.</summary>
    Stopped = 2,
}
