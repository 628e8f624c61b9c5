using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Quiver.Adapters.Storage.Ledger;

/// <summary>Where a listing of jobs goes on: behind the job created then, with that name. Opaque to everybody else.</summary>
internal readonly record struct JobPageToken(long CreatedAt, string Job)
{
    public static JobPageToken Parse(string token)
    {
        if (Base64Url.IsValid(token))
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split('/');
            if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var createdAt) && NameValidator.IsValid(parts[1]))
            {
                return new(createdAt, parts[1]);
            }
        }

        throw LedgerArguments.BadToken(token);
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{CreatedAt}/{Job}")));
}
