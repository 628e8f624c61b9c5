namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Faults to inject into grain storage.</summary>
public sealed class StorageFaults
{
    private Exception? _nextWrite;
    private Exception? _nextRead;

    public void FailNextWrite(Exception error) => _nextWrite = error;

    public void FailNextRead(Exception error) => _nextRead = error;

    internal void ThrowOnWrite() => Throw(ref _nextWrite);

    internal void ThrowOnRead() => Throw(ref _nextRead);

    private static void Throw(ref Exception? slot)
    {
        if (Interlocked.Exchange(ref slot, null) is { } error) throw error;
    }
}
