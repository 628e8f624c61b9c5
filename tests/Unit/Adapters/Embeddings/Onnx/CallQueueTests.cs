
using Quiver.Adapters.Embeddings.Onnx;

namespace Quiver.Tests.Unit.Adapters.Embeddings.Onnx;

public sealed class CallQueueTests
{
    private readonly CallQueue _queue = new();

    [Fact]
    public void Take_LargeCallPutBack_LetsTheOthersGoFirst()
    {
        var (first, second) = (Call("a", "b"), Call("c", "d"));
        _queue.Add(first);
        _queue.Add(second);

        Assert.Same(first, _queue.Take());
        _queue.Add(first);
        Assert.Same(second, _queue.Take());
        Assert.Same(first, _queue.Take());
    }

    [Fact]
    public void Take_SingleText_GoesBeforeTheLargeCalls()
    {
        var (bulk, query) = (Call("a", "b"), Call("q"));
        _queue.Add(bulk);
        _queue.Add(query);

        Assert.Same(query, _queue.Take());
        Assert.Same(bulk, _queue.Take());
    }

    [Fact]
    public void Take_StreamOfSingleTexts_DoesNotStarveTheLargeCall()
    {
        var bulk = Call("a", "b");
        _queue.Add(bulk);
        for (var i = 0; i < 10; i++)
        {
            _queue.Add(Call($"q{i}"));
        }

        var taken = Enumerable.Range(0, 6).Select(_ => _queue.Take()).ToList();

        Assert.Contains(bulk, taken);
    }

    [Fact]
    public void Take_CallThatEnded_IsSkipped()
    {
        var (ended, waiting) = (Call("a"), Call("b"));
        _queue.Add(ended);
        _queue.Add(waiting);
        ended.Fail(new InvalidOperationException("gone"));

        Assert.Same(waiting, _queue.Take());
        Assert.True(ended.Task.IsFaulted);
    }

    [Fact]
    public void Close_WaitingCalls_GivesThemBackAndEndsTaking()
    {
        var call = Call("a");
        _queue.Add(call);

        Assert.Equal([call], _queue.Close());
        Assert.Null(_queue.Take());
        Assert.Throws<ObjectDisposedException>(() => _queue.Add(call));
    }

    private static EmbeddingCall Call(params string[] texts) => new(texts, "", CancellationToken.None);
}
