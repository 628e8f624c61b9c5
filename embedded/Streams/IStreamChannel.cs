namespace Quiver.Embedded.Streams;

/// <summary>A stream's subscribers, whatever its items.</summary>
internal interface IStreamChannel
{
    /// <summary>Delivers what is queued and ends every subscription.</summary>
    Task CompleteAsync();
}
