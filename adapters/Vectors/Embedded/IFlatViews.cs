
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Joins the database of a collection with its vectors.</summary>
internal interface IFlatViews : IDisposable
{
    /// <summary>How vectors lie.</summary>
    FlatLayout Layout { get; }

    /// <summary>Takes the newest state: the first thing that a work does which reads vectors.</summary>
    /// <param name="session">A reading connection at the begin of its transaction.</param>
    FlatView Open(SqliteSession session);
}
