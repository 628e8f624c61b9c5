using System.Threading.Channels;

namespace Quiver.Tests.Support;

/// <summary>The lines that a process prints, kept, and awaited one after another.</summary>
internal sealed class LineLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<string> _unread = Channel.CreateUnbounded<string>();

    public LineLog(TextReader reader) => Ended = ReadAsync(reader);

    /// <summary>Completes when the process has closed its end.</summary>
    public Task Ended { get; }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Completes with the next line.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    public string Text => string.Join('\n', Lines);

    /// <summary>The next line that fits; null when the process closes its end without one.</summary>
    public async Task<string?> NextAsync(Func<string, bool> fits, CancellationToken cancellationToken)
    {
        while (await _unread.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_unread.Reader.TryRead(out var line))
            {
                if (fits(line))
                {
                    return line;
                }
            }
        }

        return null;
    }

    private async Task ReadAsync(TextReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            TaskCompletionSource changed;
            lock (_lock)
            {
                _lines.Add(line);
                changed = _changed;
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            changed.SetResult();
            _unread.Writer.TryWrite(line);
        }

        _unread.Writer.Complete();
    }
}
