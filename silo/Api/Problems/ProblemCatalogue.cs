using System.Collections.Frozen;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Problems;

/// <summary>The title of each error code.</summary>
internal static class ProblemCatalogue
{
    private static readonly FrozenDictionary<string, string> Titles = new Dictionary<string, string>
    {
        [ErrorCodes.UnknownJob] = "No such job in this tenant",
        [ErrorCodes.UnknownCollection] = "No such collection in this tenant",
        [ErrorCodes.UnknownDocument] = "No such document in the collection",
        [ErrorCodes.IllegalTransition] = "The job's state does not allow the command",
        [ErrorCodes.PathNotFound] = "A path of the source does not exist",
        [ErrorCodes.PathNotAllowed] = "A path is outside the folders that the server may read",
        [ErrorCodes.SourceUnavailable] = "The source's server cannot be reached",
        [ErrorCodes.SourceDenied] = "The source's server refuses the credentials",
        [ErrorCodes.BucketNotFound] = "The bucket does not exist",
        [ErrorCodes.AccessDenied] = "A service refuses the credentials or their permissions",
        [ErrorCodes.InvalidCredentials] = "The credentials are missing, wrong or expired",
        [ErrorCodes.UnknownArtifact] = "No such artifact, or the link has expired",
        [ErrorCodes.DimensionMismatch] = "The dimensions of the vectors differ",
        [ErrorCodes.DocumentTooLarge] = "The text is longer than the model allows",
        [ErrorCodes.InvalidEmbedding] = "The model returned an unusable vector",
        [ErrorCodes.ModelMismatch] = "The collection was built with another model",
        [ErrorCodes.InvalidOption] = "A value is outside its range",
        [ErrorCodes.IdempotencyTokenReused] = "The idempotency token belongs to another request",
        [ErrorCodes.QueueFull] = "The tenant's queued-job limit is reached",
        [ErrorCodes.CollectionInUse] = "Unfinished jobs use the collection",
        [ErrorCodes.SettingsConflict] = "The settings conflict with the existing collection",
        [ErrorCodes.NotSupported] = "The vector store cannot do this",
        [ErrorCodes.TooManyDedicated] = "The tenant's limit of dedicated collections is reached",
        [ErrorCodes.StorageDamaged] = "A file or a table of Quiver's storage is damaged",
        [ErrorCodes.IndexIncomplete] = "The full-text index is still being filled",
        [ErrorCodes.StorageFull] = "A disk or the vector store is full",
        [ErrorCodes.ModelUnavailable] = "The model cannot be loaded",
        [ErrorCodes.UnknownProvider] = "No such embedding provider",
        [ErrorCodes.ProviderDenied] = "The provider refuses the key",
        [ErrorCodes.ProviderUnavailable] = "The provider fails or cannot be reached",
        [ErrorCodes.ProviderThrottled] = "The provider asks for fewer requests",
        [ErrorCodes.ProviderQuotaExhausted] = "The account at the provider has no credit",
        [ErrorCodes.ProviderQuotaSpent] = "The provider's quota is used up until it resets",
        [ErrorCodes.ProviderBudgetSpent] = "Quiver's budget or pace for the provider has no room",
        [ErrorCodes.ProviderBusy] = "The limit of concurrent requests to the provider is reached",
        [ErrorCodes.ProviderCircuitOpen] = "The provider's circuit breaker is open",
        [ErrorCodes.RefusedText] = "The provider refuses a text",
        [ErrorCodes.StorageUnavailable] = "Quiver's storage cannot be read or written",
        [ErrorCodes.Timeout] = "Something did not answer in time",
        [ErrorCodes.ServerUnavailable] = "The server is unavailable",
        [ErrorCodes.Internal] = "Internal error",
        [RequestErrorCodes.InvalidRequest] = "The request is not valid",
        [RequestErrorCodes.InvalidTenant] = "Not a valid tenant name",
        [RequestErrorCodes.InvalidJob] = "Not a valid job name",
        [RequestErrorCodes.InvalidCollection] = "Not a valid collection name",
        [RequestErrorCodes.UnknownRoute] = "No endpoint at this address",
        [RequestErrorCodes.MethodNotAllowed] = "The address does not support this method",
        [RequestErrorCodes.UnsupportedMediaType] = "The body has another type or encoding than JSON",
        [RequestErrorCodes.RequestTooLarge] = "The body is too large",
        [RequestErrorCodes.ForbiddenOrigin] = "Request from a foreign web page or host name",
        [RequestErrorCodes.TooManyStreams] = "The limit of open event streams is reached",
    }.ToFrozenDictionary();

    /// <summary>The codes of the table.</summary>
    public static IEnumerable<string> Codes => Titles.Keys;

    /// <summary>The title of a code, derived from the code itself when the table has none.</summary>
    public static string Title(string code) => Titles.TryGetValue(code, out var title) ? title : code.Replace('_', ' ');
}
