using System.Buffers.Text;
using Quiver.Core.Artifacts;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Artifacts;

public sealed class ArtifactTokensTests
{
    private static readonly ArtifactName Name = ArtifactName.Parse("acme/jobs/j1/report.json");
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Read_BeforeItExpires_GivesTheName()
    {
        var tokens = Tokens(1);
        var token = tokens.Create(Name, _time.GetUtcNow().AddMinutes(1));

        Assert.Equal(Name, tokens.Read(token));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(tokens.Read(token));
    }

    [Fact]
    public void Read_AnotherKeysToken_GivesNothing() => Assert.Null(Tokens(2).Read(Tokens(1).Create(Name, _time.GetUtcNow().AddHours(1))));

    [Fact]
    public void Read_AnyByteChanged_GivesNothing()
    {
        var tokens = Tokens(1);
        var token = Base64Url.DecodeFromChars(tokens.Create(Name, _time.GetUtcNow().AddHours(1)));

        for (var i = 0; i < token.Length; i++)
        {
            byte[] changed = [.. token];
            changed[i] ^= 1;
            Assert.Null(tokens.Read(Base64Url.EncodeToString(changed)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("%%%")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Read_NoToken_GivesNothing(string token) => Assert.Null(Tokens(1).Read(token));

    private ArtifactTokens Tokens(byte key) => new(() => [.. Enumerable.Repeat(key, 32)], _time);
}
