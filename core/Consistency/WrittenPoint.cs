namespace Quiver.Core.Consistency;

/// <summary>A point that must be in the vector store.</summary>
/// <param name="Document">Its document.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsOwn">Whether the job in question wrote it; otherwise one of a later generation did, or found it unchanged.</param>
internal readonly record struct WrittenPoint(string Document, Guid Id, bool IsOwn);
