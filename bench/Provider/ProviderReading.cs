namespace Quiver.Bench.Provider;

/// <summary>What a provider has done so far.</summary>
/// <param name="Calls">Requests answered.</param>
/// <param name="Busy">How long all of them took together, from the request's headers to the answer: a timer of 50 ms takes 50 to 53.</param>
internal sealed record ProviderReading(int Calls, TimeSpan Busy);
