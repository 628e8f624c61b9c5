namespace Quiver.Core.Tenants;

/// <summary>Tokens of recent submissions and the jobs they led to; the oldest are forgotten beyond the cap. Immutable.</summary>
public sealed record IdempotencyTokens
{
    /// <summary>Tokens remembered.</summary>
    public const int Capacity = 1000;

    /// <summary>Oldest first.</summary>
    public ImmutableArray<IdempotencyToken> Entries { get; init; } = [];

    /// <summary>The job of an earlier submission with this token, or null.</summary>
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

    /// <summary>Forgets the tokens of a job.</summary>
    public IdempotencyTokens Remove(JobId job) =>
        Entries.Any(entry => entry.Job == job) ? this with { Entries = Entries.RemoveAll(entry => entry.Job == job) } : this;

    /// <summary>Remembers a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="job">The job it led to.</param>
    public IdempotencyTokens Add(string token, JobId job) => this with
    {
        Entries = [.. Entries.Skip(Math.Max(0, Entries.Length + 1 - Capacity)), new IdempotencyToken(token, job)],
    };
}

/// <summary>A submission's token.</summary>
/// <param name="Token">As the caller gave it.</param>
/// <param name="Job">The job it led to.</param>
public sealed record IdempotencyToken(string Token, JobId Job);
