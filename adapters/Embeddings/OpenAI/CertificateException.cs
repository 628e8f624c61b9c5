using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>A server's certificate is not valid. The message says why, and what to do.</summary>
/// <param name="message">One or more sentences.</param>
public sealed class CertificateException(string message) : AuthenticationException(message)
{
    private const int MaxNames = 5;

    /// <summary>Accepts what the system accepts, and says why it does not accept the rest. A validation callback of TLS connections.</summary>
    /// <param name="sender">The connection.</param>
    /// <param name="certificate">The server's certificate.</param>
    /// <param name="chain">Its chain.</param>
    /// <param name="errors">What the system found.</param>
    /// <exception cref="CertificateException">It is not valid.</exception>
    internal static bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var isValid = errors == SslPolicyErrors.None;
        return isValid ? isValid : throw new CertificateException(Describe(certificate as X509Certificate2, chain, errors));
    }

    /// <summary>Finds the fault among the causes of a failed request.</summary>
    /// <param name="exception">How the request ended.</param>
    internal static CertificateException? Find(Exception? exception) => exception switch
    {
        null => null,
        CertificateException found => found,
        _ => Find(exception.InnerException),
    };

    private static string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "the server has none. Check the address and the port.";
        }

        List<string> faults = [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            faults.Add(
                $"it is for {string.Join(", ", NamesOf(certificate))} and not for this host. Use a name of the certificate in BaseAddress, or correct the certificate.");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            faults.Add(Describe(certificate, (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status)));
        }

        return string.Join(" Also, ", faults);
    }

    private static string Describe(X509Certificate2 leaf, X509ChainStatusFlags status)
    {
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"it, or one above it, is expired or not yet valid; its own time is {leaf.NotBefore.ToUniversalTime():yyyy-MM-dd} to {leaf.NotAfter.ToUniversalTime():yyyy-MM-dd}. Renew it, or correct this machine's clock.");
        }

        return (status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0
            ? $"this machine does not trust its issuer, {leaf.Issuer}. If you do (the issuer of a company, or of a proxy that inspects TLS), add the issuer's certificate to "
                + "the system's, or set the environment variable SSL_CERT_FILE to a PEM file that contains it, and start Quiver again."
            : $"{status}. Correct the certificate at the server.";
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 leaf)
    {
        var names = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(static address => address.ToString())))
            .Take(MaxNames)
            .ToList();
        return names.Count > 0 ? names : [leaf.Subject];
    }
}
