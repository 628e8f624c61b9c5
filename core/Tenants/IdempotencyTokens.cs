namespace Quiver.Core.Tenants;

/// <summary>Idempotency tokens of recent submissions and their jobs; beyond the capacity the oldest are dropped. Immutable.</summary>
public sealed record IdempotencyTokens
{
    /// <summary>The maximum number of tokens.</summary>
    public const int Capacity = 1000;

    /// <summary>The tokens, oldest first.</summary>
    public ImmutableArray<IdempotencyToken> Entries { get; init; } = [];

    /// <summary>Returns the job of an earlier submission with this token, or null.</summary>
    public JobId? Find(string token)
    {
        foreach (var entry in Entries)
        {
            if (entry.Token == token)
            {
                return entry.Job;
            }
        }

        return null;
    }

    /// <summary>Removes the tokens of a job.</summary>
    public IdempotencyTokens Remove(JobId job) =>
        Entries.Any(entry => entry.Job == job) ? this with { Entries = Entries.RemoveAll(entry => entry.Job == job) } : this;

    /// <summary>Adds the token of a submission.</summary>
    public IdempotencyTokens Add(string token, JobId job) => this with
    {
        Entries = [.. Entries.Skip(Math.Max(0, Entries.Length + 1 - Capacity)), new IdempotencyToken(token, job)],
    };
}

/// <summary>The token of a submission.</summary>
/// <param name="Token">The caller's token.</param>
/// <param name="Job">The job that it created.</param>
public sealed record IdempotencyToken(string Token, JobId Job);
