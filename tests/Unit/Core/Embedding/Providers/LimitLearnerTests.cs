using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;
using Quiver.GrainInterfaces.Providers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Embedding.Providers;

public sealed class LimitLearnerTests
{
    private readonly CapturedLog _log = new();
    private readonly LimitLearner _limits;

    public LimitLearnerTests() => _limits = new("p", new ProviderLimits(64, 10_000, 1000, 8), _log);

    [Theory]
    [InlineData(0, 0, 32, null)]
    [InlineData(32, 100, 32, null)]
    [InlineData(64, 500, null, 900)]
    [InlineData(64, 2000, null, null)]
    public void Halved_LowersTheMeasureThatNoAcceptedRequestReached(int acceptedInputs, long acceptedTokens, int? inputs, int? tokens)
    {
        _limits.Accepted(acceptedInputs, acceptedTokens);

        _limits.Halved(64, 1700, 32, 900);

        Assert.Equal(inputs is null && tokens is null ? null : new LearnedLimits { MaxInputs = inputs, MaxTokensPerRequest = tokens }, _limits.Learned);
        Assert.Equal((inputs ?? 64, tokens ?? 10_000), (_limits.MaxInputs, _limits.RequestTokens));
    }

    [Fact]
    public void Stated_LimitsBelowTheConfiguredOnes_AreKeptAndLoggedOnce()
    {
        _limits.Stated(new StatedLimits(16, 8000, 512));
        _limits.Stated(new StatedLimits(16, 8000, 512));
        _limits.Stated(new StatedLimits(100, 100_000, 2000));
        _limits.Stated(new StatedLimits(0, -1));

        Assert.Equal(new LearnedLimits { MaxInputs = 16, MaxTokensPerRequest = 8000, MaxTokensPerInput = 512 }, _limits.Learned);
        Assert.Equal(
            ["Quiver:Providers:p:MaxInputs to 16.", "Quiver:Providers:p:MaxTokensPerRequest to 8000.", "Quiver:Providers:p:MaxTokensPerInput to 512."],
            _log.Lines.Select(line => line.Message[line.Message.IndexOf("Quiver:Providers", StringComparison.Ordinal)..]));
    }

    [Theory]
    [InlineData(new[] { 5000 }, true)]
    [InlineData(new[] { 300, 300 }, true)]
    [InlineData(new[] { 600, 1 }, false)]
    [InlineData(new[] { 500, 500, 500 }, false)]
    [InlineData(new[] { 1, 1, 1, 1, 1 }, false)]
    public void Fits_EveryLimit_AndATextAloneAlways(int[] tokens, bool expected)
    {
        _limits.Stated(new StatedLimits(4, 1200, 512));

        Assert.Equal(expected, _limits.Fits(tokens));
    }
}
