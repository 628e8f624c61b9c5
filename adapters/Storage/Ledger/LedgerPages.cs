using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Quiver.Adapters.Storage.Ledger;

/// <summary>Builds pages of rows.</summary>
internal static class LedgerPages
{
    /// <summary>Builds a page from up to <paramref name="limit"/> + 1 rows; the additional row shows that there is a next page.</summary>
    public static Page<T> ToPage<T>(this ImmutableArray<T> rows, int limit, Func<T, string> token) =>
        rows.Length <= limit
            ? new() { Items = rows }
            : new() { Items = rows[..limit], Next = token(rows[limit - 1]) };
}

/// <summary>The cursor of a job listing: continue after the job with this creation time and id. Opaque to clients.</summary>
internal readonly record struct JobPageToken(long CreatedAt, string Job)
{
    public static JobPageToken Of(JobStatus status) => new(status.CreatedAt.UtcTicks, status.Id.Value);

    public static JobPageToken Parse(string token)
    {
        if (Base64Url.IsValid(token))
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split('/');
            if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var createdAt)
                && NameValidator.IsValid(parts[1]))
            {
                return new(createdAt, parts[1]);
            }
        }

        throw LedgerValidator.InvalidToken(token);
    }

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{CreatedAt}/{Job}")));
}
