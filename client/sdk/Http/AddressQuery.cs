using System.Text;

namespace Quiver.Client.Http;

/// <summary>Writes the query of an address.</summary>
internal static class AddressQuery
{
    /// <summary>The path with those values that are not null.</summary>
    public static string Append(string path, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var address = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in values)
        {
            if (value is null)
            {
                continue;
            }

            address.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return address.ToString();
    }
}
