using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Quiver.Tests.Support;

/// <summary>A certificate of a test's own for this machine's loopback address, and a file that makes a process trust it.</summary>
internal sealed class TestCertificate : IDisposable
{
    public TestCertificate(TemporaryFolder folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File = folder.Write("certificate.pem", Certificate.ExportCertificatePem());
    }

    /// <summary>With its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The settings of a process's environment that trust nothing but this certificate.</summary>
    public IEnumerable<KeyValuePair<string, string>> Trusting => [new("SSL_CERT_FILE", File), new("SSL_CERT_DIR", Path.GetDirectoryName(File)!)];

    private string File { get; }

    public void Dispose() => Certificate.Dispose();
}
