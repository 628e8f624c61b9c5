using System.Collections.Frozen;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Problems;

/// <summary>What each code of an API error means, in a few words.</summary>
internal static class ProblemCatalogue
{
    private static readonly FrozenDictionary<string, string> Titles = new Dictionary<string, string>
    {
        [ErrorCodes.UnknownJob] = "No such job in this tenant",
        [ErrorCodes.UnknownCollection] = "No such collection in this tenant",
        [ErrorCodes.IllegalTransition] = "The job's state does not allow the command",
        [ErrorCodes.PathNotFound] = "A path of the source does not exist",
        [ErrorCodes.PathNotAllowed] = "A path lies outside what the server allows to be read",
        [ErrorCodes.SourceUnavailable] = "The source's server cannot be reached at the moment",
        [ErrorCodes.SourceDenied] = "The source's server refuses the credentials",
        [ErrorCodes.BucketNotFound] = "The bucket does not exist",
        [ErrorCodes.AccessDenied] = "A service refuses the credentials, or what they may do",
        [ErrorCodes.InvalidCredentials] = "The credentials are missing, wrong or expired",
        [ErrorCodes.UnknownArtifact] = "No such artifact, or the link has expired",
        [ErrorCodes.DimensionMismatch] = "The lengths of the vectors disagree",
        [ErrorCodes.ModelMismatch] = "The collection was built with another model",
        [ErrorCodes.InvalidOption] = "A value is outside its range",
        [ErrorCodes.QueueFull] = "The tenant has as many queued jobs as it may have",
        [ErrorCodes.CollectionInUse] = "Jobs still work on the collection",
        [ErrorCodes.SettingsConflict] = "The settings do not fit what exists",
        [ErrorCodes.NotSupported] = "The vector store cannot do this",
        [ErrorCodes.TooManyDedicated] = "The tenant has as many dedicated collections as it may have",
        [ErrorCodes.StorageFull] = "The vector store has no room left",
        [ErrorCodes.ModelUnavailable] = "The model cannot be loaded",
        [ErrorCodes.UnknownProvider] = "No such embedding provider",
        [ErrorCodes.ProviderDenied] = "The provider refuses the key",
        [ErrorCodes.ProviderUnavailable] = "The provider fails or cannot be reached",
        [ErrorCodes.ProviderThrottled] = "The provider asks for fewer requests",
        [ErrorCodes.ProviderQuotaExhausted] = "The provider's account has nothing left",
        [ErrorCodes.ProviderBudgetSpent] = "The provider's budget of this minute is given out",
        [ErrorCodes.ProviderBusy] = "As many requests to the provider are under way as may be",
        [ErrorCodes.ProviderCircuitOpen] = "The provider is left alone for a while",
        [ErrorCodes.RefusedText] = "The provider refuses a text",
        [ErrorCodes.StorageUnavailable] = "What Quiver keeps cannot be read or written at the moment",
        [ErrorCodes.Timeout] = "No answer in time",
        [ErrorCodes.ServerUnavailable] = "Not available at the moment",
        [ErrorCodes.Internal] = "A fault inside Quiver",
        [RequestErrorCodes.InvalidRequest] = "The request cannot be understood",
        [RequestErrorCodes.InvalidTenant] = "Not a valid tenant name",
        [RequestErrorCodes.InvalidJob] = "Not a valid job name",
        [RequestErrorCodes.InvalidCollection] = "Not a valid collection name",
        [RequestErrorCodes.UnknownRoute] = "Nothing answers at this address",
        [RequestErrorCodes.MethodNotAllowed] = "The address does not take this method",
        [RequestErrorCodes.UnsupportedMediaType] = "The body is not JSON",
        [RequestErrorCodes.RequestTooLarge] = "The body is too large",
        [RequestErrorCodes.ForbiddenOrigin] = "Asked by a foreign web page or host name",
        [RequestErrorCodes.TooManyStreams] = "As many event streams are open as may be",
    }.ToFrozenDictionary();

    /// <summary>The title of a code; codes without one of their own read as they are.</summary>
    public static string Title(string code) => Titles.TryGetValue(code, out var title) ? title : code.Replace('_', ' ');
}
