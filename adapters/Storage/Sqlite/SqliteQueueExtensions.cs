using System.Threading.Channels;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>How a database thread waits.</summary>
internal static class SqliteQueueExtensions
{
    /// <summary>Blocks the calling thread until there is work; false when there will be none.</summary>
    public static bool WaitForWork(this ChannelReader<SqliteWork> queue) => queue.WaitToReadAsync().AsTask().GetAwaiter().GetResult();
}
