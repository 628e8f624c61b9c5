using Orleans.Streams;

namespace Quiver.Embedded.Streams;

/// <summary>The number of an item in its stream, counted while the stream has subscribers.</summary>
internal sealed class SequenceToken : StreamSequenceToken
{
    internal SequenceToken(long number) => SequenceNumber = number;

    public override long SequenceNumber { get; protected set; }

    public override int EventIndex { get; protected set; }

    public override string ToString() => $"{SequenceNumber}";
}
