using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Cli;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>What stands between Quiver and a provider: proxies, certificates, redirects, names.</summary>
public sealed class ProviderConnectionTests : IDisposable
{
    private const string Key = "sk-secret";
    private const string Credentials = "alice:pass-word";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Proxy_ThatWantsCredentials_IsNamed_AndNotTheKey()
    {
        await using var proxy = await HttpStub.StartAsync(static context => AnswerAsync(context, HttpStatusCode.ProxyAuthenticationRequired, ("Proxy-Authenticate", "Basic realm=\"office\"")));

        foreach (var address in new[] { "http://provider.example/v1", "https://provider.example/v1" })
        {
            var error = await FailAsync<PermanentException>(address, new WebProxy(proxy.Address));

            Assert.Equal(ErrorCodes.ProviderUnavailable, error.Code);
            Assert.Contains($"The proxy {proxy.Address.GetLeftPart(UriPartial.Authority)} on the way to the provider scripted requires credentials (407)", error.Message, StringComparison.Ordinal);
            Assert.Contains(address.StartsWith("https", StringComparison.Ordinal) ? "HTTPS_PROXY" : "http_proxy", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("ApiKey", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Proxy_ThatForbidsTheHost_IsNamed()
    {
        await using var proxy = await HttpStub.StartAsync(static context => AnswerAsync(context, HttpStatusCode.Forbidden));

        var error = await FailAsync<PermanentException>("https://provider.example/v1", new WebProxy(proxy.Address));

        Assert.Contains($"The proxy {proxy.Address.GetLeftPart(UriPartial.Authority)} refuses connections to provider.example", error.Message, StringComparison.Ordinal);
        Assert.Contains("(403)", error.Message, StringComparison.Ordinal);
        Assert.Contains("NO_PROXY", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_OutOfReach_IsNamedWithoutItsCredentials()
    {
        var error = await FailAsync<TransientException>("https://provider.example/v1", new WebProxy("http://127.0.0.1:1") { Credentials = new NetworkCredential("alice", "pass-word") });

        Assert.Equal(ErrorCodes.ProviderUnavailable, error.Code);
        Assert.Contains("through the proxy http://127.0.0.1:1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass-word", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ThatIsExemptFromTheProxy_IsCalledDirectly()
    {
        await using var service = await ScriptedProvider.StartAsync();
        var proxy = new WebProxy("http://127.0.0.1:1") { BypassList = ["127\\.0\\.0\\.1"] };
        using var http = new ProviderHttp(proxy);

        await EmbedAsync(service.Address, http);

        Assert.Single(service.Requests);
        Assert.Null(http.FindProxy(new Uri(service.Address)));
    }

    [Fact]
    public async Task Commands_TakeTheProxyOfTheEnvironment_AndExemptions()
    {
        await using var service = await ScriptedProvider.StartAsync();
        await using var proxy = await HttpStub.StartAsync(static context => AnswerAsync(context, HttpStatusCode.ProxyAuthenticationRequired));
        _folder.Write("data/quiver.json", Settings(service.Address));
        Dictionary<string, string> environment = new() { ["http_proxy"] = $"http://{Credentials}@{proxy.Address.Authority}", ["no_proxy"] = "", ["NO_PROXY"] = "" };

        var refused = await TestAsync(environment, ExitCodes.Failure);
        environment["no_proxy"] = environment["NO_PROXY"] = "127.0.0.1";
        await TestAsync(environment, ExitCodes.Success);

        Assert.Contains($"The proxy http://{proxy.Address.Authority} on the way to the provider scripted requires credentials (407)", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("pass-word", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_OfAnUnknownIssuer_IsNamedWithWhatToDo()
    {
        using var certificate = Create("CN=Test Authority", IPAddress.Loopback, days: 1);
        await using var server = await StartAsync(certificate);

        var error = await FailAsync<PermanentException>($"{server.Address}v1");

        Assert.Contains($"The certificate of {server.Address.Authority}", error.Message, StringComparison.Ordinal);
        Assert.Contains("does not trust its issuer, CN=Test Authority", error.Message, StringComparison.Ordinal);
        Assert.Contains("SSL_CERT_FILE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_ThatHasExpired_IsNamedWithItsTime()
    {
        using var certificate = Create("CN=127.0.0.1", IPAddress.Loopback, days: -1);
        await using var server = await StartAsync(certificate);

        var error = await FailAsync<PermanentException>($"{server.Address}v1");

        Assert.Contains("expired or not yet valid", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}", error.Message, StringComparison.Ordinal);
        Assert.Contains("clock", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_OfAnotherHost_IsNamedWithItsNames()
    {
        using var certificate = Create("CN=other.example", IPAddress.Parse("192.0.2.1"), days: 1);
        await using var server = await StartAsync(certificate);

        var error = await FailAsync<PermanentException>($"{server.Address}v1");

        Assert.Contains("it is for service.example, 192.0.2.1 and not for this host", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_InSslCertFile_IsTrusted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere no file can say whom a process trusts.");
        using var certificate = new TestCertificate(_folder);
        await using var server = await StartAsync(certificate.Certificate);
        _folder.Write("data/quiver.json", Settings($"{server.Address}v1"));

        await TestAsync(new(certificate.Trusting), ExitCodes.Success);
    }

    [Fact]
    public async Task Service_WithoutTls_IsSaidForAnAddressWithIt()
    {
        await using var server = await HttpStub.StartAsync(static context => AnswerAsync(context, HttpStatusCode.OK));

        var error = await FailAsync<TransientException>($"https://{server.Address.Authority}/v1");

        Assert.Contains("TLS failed", error.Message, StringComparison.Ordinal);
        Assert.Contains("Quiver:Providers:scripted:BaseAddress with http://", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_ToAnotherHost_IsNotFollowedWithTheKey()
    {
        await using var target = await ScriptedProvider.StartAsync();
        await using var server = await HttpStub.StartAsync(context => AnswerAsync(context, HttpStatusCode.TemporaryRedirect, ("Location", $"{target.Address}/embeddings?key={Key}")));

        var error = await FailAsync<PermanentException>($"{server.Address}v1");

        Assert.Empty(target.Requests);
        Assert.Contains($"to {target.Address}/embeddings (307)", error.Message, StringComparison.Ordinal);
        Assert.Contains($"set Quiver:Providers:scripted:BaseAddress to {target.Address},", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WithStatus200_IsNotCharged()
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Service.Answers(static _ => new ProviderReply { Body = "<html><title>Welcome</title></html>" });

        var error = await Assert.ThrowsAsync<TransientException>(() => rig.EmbedAsync(["a"]));

        Assert.Equal(ErrorCodes.ProviderUnavailable, error.Code);
        Assert.Contains("title \"Welcome\"", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, rig.Meter.Read().Total.Calls);
        Assert.Empty(rig.Cache.Entries);
    }

    private static async Task<T> FailAsync<T>(string address, IWebProxy? proxy = null)
        where T : QuiverException
    {
        using var http = new ProviderHttp(proxy);
        var error = await Assert.ThrowsAsync<T>(() => EmbedAsync(address, http));
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
        return error;
    }

    private static async Task EmbedAsync(string address, ProviderHttp http)
    {
        var options = new ProviderOptions { Preset = "vllm", BaseAddress = address, Model = "scripted", Dimensions = HashModel.Dimensions, ApiKey = Key };
        using var generator = new OpenAIEmbeddingGenerator(ProviderFactory.CreateSettings("scripted", options, static _ => null), http, TimeProvider.System);
        await generator.GenerateAsync(["a"], cancellationToken: Token);
    }

    /// <summary>A server that answers like a provider, for one text.</summary>
    private static Task<HttpStub> StartAsync(X509Certificate2 certificate) => HttpStub.StartAsync(
        static async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = JsonNode.Parse(await reader.ReadToEndAsync(context.RequestAborted))!;
            var request = new ProviderRequest(0, [body["input"]![0]!.GetValue<string>()], body.ToJsonString(), context.Request.Path, new Dictionary<string, string>());
            await context.Response.WriteAsync(ProviderReply.Ok(request).Body, context.RequestAborted);
        },
        certificate);

    private static Task AnswerAsync(HttpContext context, HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = (int)status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return Task.CompletedTask;
    }

    /// <summary>A certificate of its own issuer for an address and the name service.example.</summary>
    private static X509Certificate2 Create(string subject, IPAddress address, int days)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("service.example");
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-3), DateTimeOffset.UtcNow.AddDays(days));
    }

    private static string Settings(string address) => new JsonObject
    {
        ["Quiver"] = new JsonObject
        {
            ["Providers"] = new JsonObject
            {
                ["scripted"] = new JsonObject { ["Preset"] = "vllm", ["BaseAddress"] = address, ["Model"] = "scripted", ["Dimensions"] = HashModel.Dimensions, ["Attempts"] = 1 },
            },
        },
    }.ToJsonString();

    private async Task<string> TestAsync(Dictionary<string, string> environment, int exitCode)
    {
        await using var process = QuiverProcess.Start(_folder.Path, ["providers", "test", "scripted", "--data", _folder.At("data")], environment);
        Assert.True(await process.ExitAsync() == exitCode, process.Describe($"should have ended with {exitCode}"));
        return process.Out.Text + process.Error.Text;
    }
}
