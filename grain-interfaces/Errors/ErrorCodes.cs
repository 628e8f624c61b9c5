namespace Quiver.GrainInterfaces.Errors;

/// <summary>The stable codes of errors and failed documents. A released code never changes its meaning.</summary>
public static class ErrorCodes
{
    /// <summary>No such job in this tenant.</summary>
    public const string UnknownJob = "unknown_job";

    /// <summary>No such collection in this tenant.</summary>
    public const string UnknownCollection = "unknown_collection";

    /// <summary>No such document in the collection.</summary>
    public const string UnknownDocument = "unknown_document";

    /// <summary>The job's state does not allow the command.</summary>
    public const string IllegalTransition = "illegal_transition";

    /// <summary>A path of the source does not exist.</summary>
    public const string PathNotFound = "path_not_found";

    /// <summary>A path is outside the folders that the server may read.</summary>
    public const string PathNotAllowed = "path_not_allowed";

    /// <summary>A bucket of object storage does not exist.</summary>
    public const string BucketNotFound = "bucket_not_found";

    /// <summary>The credentials are valid but lack the permission.</summary>
    public const string AccessDenied = "access_denied";

    /// <summary>The credentials are missing, wrong or expired.</summary>
    public const string InvalidCredentials = "invalid_credentials";

    /// <summary>No such artifact, or the link to it has expired.</summary>
    public const string UnknownArtifact = "unknown_artifact";

    /// <summary>Model, settings and physical collection have different dimensions.</summary>
    public const string DimensionMismatch = "dimension_mismatch";

    /// <summary>The collection was built with another model.</summary>
    public const string ModelMismatch = "model_mismatch";

    /// <summary>Another process holds the data directory.</summary>
    public const string DataDirectoryLocked = "data_directory_locked";

    /// <summary>An option's value is out of range.</summary>
    public const string InvalidOption = "invalid_option";

    /// <summary>The idempotency token belongs to a job that another request submitted.</summary>
    public const string IdempotencyTokenReused = "idempotency_token_reused";

    /// <summary>The tenant's queued-job limit is reached.</summary>
    public const string QueueFull = "queue_full";

    /// <summary>Jobs still work on the collection.</summary>
    public const string CollectionInUse = "collection_in_use";

    /// <summary>The collection exists with other settings, or a setting cannot be changed.</summary>
    public const string SettingsConflict = "settings_conflict";

    /// <summary>The vector store does not support a setting.</summary>
    public const string NotSupported = "not_supported";

    /// <summary>The tenant's limit of dedicated collections is reached.</summary>
    public const string TooManyDedicated = "too_many_dedicated";

    /// <summary>More documents failed than the job's maximum failure ratio allows.</summary>
    public const string TooManyFailures = "too_many_failures";

    /// <summary>The source changed in a way that prevents resuming.</summary>
    public const string SourceChanged = "source_changed";

    /// <summary>Another job stores the same documents of the collection at the same time.</summary>
    public const string ConcurrentWriter = "concurrent_writer";

    /// <summary>The ledger lists the job, but its durable state is missing.</summary>
    public const string StateLost = "state_lost";

    /// <summary>The source's server cannot be reached, or is not ready to answer.</summary>
    public const string SourceUnavailable = "source_unavailable";

    /// <summary>The source's server refuses the credentials, or denies read access.</summary>
    public const string SourceDenied = "source_denied";

    /// <summary>A line or element is not valid JSON.</summary>
    public const string MalformedRecord = "malformed_record";

    /// <summary>The record lacks the text field, or it is not a string.</summary>
    public const string MissingText = "missing_text";

    /// <summary>The record lacks the id field that the job names.</summary>
    public const string MissingId = "missing_id";

    /// <summary>The document is larger than the limit.</summary>
    public const string DocumentTooLarge = "document_too_large";

    /// <summary>The bytes are not UTF-8.</summary>
    public const string InvalidUtf8 = "invalid_utf8";

    /// <summary>The file is binary.</summary>
    public const string BinaryFile = "binary_file";

    /// <summary>The document has no text.</summary>
    public const string EmptyDocument = "empty_document";

    /// <summary>A file could not be read.</summary>
    public const string UnreadableFile = "unreadable_file";

    /// <summary>The id already belongs to a document of another source.</summary>
    public const string DocumentIdConflict = "document_id_conflict";

    /// <summary>The model returned an unusable vector.</summary>
    public const string InvalidEmbedding = "invalid_embedding";

    /// <summary>The model or its runtime cannot be loaded.</summary>
    public const string ModelUnavailable = "model_unavailable";

    /// <summary>A file or a database cannot be read or written.</summary>
    public const string StorageUnavailable = "storage_unavailable";

    /// <summary>A file or a table of Quiver's storage is damaged, missing or an older copy; <c>quiver repair</c> rebuilds what can be rebuilt.</summary>
    public const string StorageDamaged = "storage_damaged";

    /// <summary>The full-text index of a collection is still being filled.</summary>
    public const string IndexIncomplete = "index_incomplete";

    /// <summary>The disk, the database or the vector store is full; the job pauses until somebody frees space and resumes it.</summary>
    public const string StorageFull = "storage_full";

    /// <summary>The server did not answer in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>The server cannot be reached.</summary>
    public const string ServerUnavailable = "server_unavailable";

    /// <summary>An internal error in Quiver.</summary>
    public const string Internal = "internal_error";

    /// <summary>No provider of this name is configured.</summary>
    public const string UnknownProvider = "unknown_provider";

    /// <summary>The provider refuses the key, or has none.</summary>
    public const string ProviderDenied = "provider_denied";

    /// <summary>The provider fails or cannot be reached.</summary>
    public const string ProviderUnavailable = "provider_unavailable";

    /// <summary>The provider throttles requests.</summary>
    public const string ProviderThrottled = "provider_throttled";

    /// <summary>The account at the provider has no credit.</summary>
    public const string ProviderQuotaExhausted = "provider_quota_exhausted";

    /// <summary>A provider's quota per day or month is used up until it resets.</summary>
    public const string ProviderQuotaSpent = "provider_quota_spent";

    /// <summary>Quiver's own budget for the provider, or the pace that it found, has no room for the request.</summary>
    public const string ProviderBudgetSpent = "provider_budget_spent";

    /// <summary>The limit of concurrent requests to the provider is reached.</summary>
    public const string ProviderBusy = "provider_busy";

    /// <summary>The provider's circuit breaker is open after repeated failures.</summary>
    public const string ProviderCircuitOpen = "provider_circuit_open";

    /// <summary>The provider refuses a text.</summary>
    public const string RefusedText = "refused_text";
}
