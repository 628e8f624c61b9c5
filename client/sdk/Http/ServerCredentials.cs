using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Quiver.Client.Http;

/// <summary>User and password in an address: sent to the server, and kept out of every message.</summary>
internal static partial class ServerCredentials
{
    private const string Hidden = "…";

    /// <summary>The address without user and password.</summary>
    public static Uri Strip(Uri address) =>
        address.UserInfo.Length == 0 ? address : new UriBuilder(address) { UserName = "", Password = "" }.Uri;

    /// <summary>The header of Basic authentication (RFC 7617); null for an address without a user.</summary>
    public static AuthenticationHeaderValue? Read(Uri address)
    {
        if (address.UserInfo.Length == 0)
        {
            return null;
        }

        var parts = address.UserInfo.Split(':', 2);
        var pair = $"{Uri.UnescapeDataString(parts[0])}:{(parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "")}";
        return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
    }

    /// <summary>A text that is perhaps an address, without what could be user and password, even where it does not parse as one.</summary>
    public static string HideIn(string address)
    {
        var end = address.LastIndexOf('@');
        if (end < 0)
        {
            return address;
        }

        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        return $"{(scheme >= 0 && scheme < end ? address[..(scheme + 3)] : "")}{Hidden}{address[end..]}";
    }

    /// <summary>A sentence without passwords in the addresses and connection strings that it quotes.</summary>
    public static string HideInSentence(string text) => Setting().Replace(UserInfo().Replace(text, $"$1{Hidden}@"), $"$1={Hidden}");

    // A path made of an address has lost a slash.
    [GeneratedRegex(@"([a-z][a-z0-9+.-]*:/{1,3})[^/\s'""@]*:[^/\s'""]*@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b(password|pwd|secretkey|secret_access_key|apikey|api_key)\s*=\s*[^;\s'""…]+", RegexOptions.IgnoreCase)]
    private static partial Regex Setting();
}
