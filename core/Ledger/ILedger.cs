namespace Quiver.Core.Ledger;

/// <summary>What grows: jobs, events, failures, collections and documents. Thread-safe; a completed write is durable. Errors are Quiver's, already classified.</summary>
public interface ILedger : IJobLedger, IDocumentLedger;
