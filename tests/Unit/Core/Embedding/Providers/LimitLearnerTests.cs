using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;
using Quiver.GrainInterfaces.Providers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Embedding.Providers;

public sealed class LimitLearnerTests
{
    private readonly CapturedLog _log = new();
    private readonly ManualTimeProvider _time = new();
    private readonly LimitLearner _limits;

    public LimitLearnerTests() => _limits = new("p", new ProviderLimits(64, 10_000, 1000, 8), _time, _log);

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
    [InlineData(59, 10, 1000, 100)]
    [InlineData(60, 20, 2000, 200)]
    [InlineData(120, 40, 4000, 400)]
    [InlineData(180, null, 8000, 800)]
    [InlineData(240, null, null, null)]
    [InlineData(60_000, null, null, null)]
    public void Learned_DoublesWithEachHour_UpToTheConfiguredLimits(int minutes, int? inputs, int? requestTokens, int? inputTokens)
    {
        _limits.Stated(new StatedLimits(10, 1000, 100));

        _time.Advance(TimeSpan.FromMinutes(minutes));

        var expected = new LearnedLimits { MaxInputs = inputs, MaxTokensPerRequest = requestTokens, MaxTokensPerInput = inputTokens };
        Assert.Equal(expected == new LearnedLimits() ? null : expected, _limits.Learned);
        Assert.Equal((inputs ?? 64, requestTokens ?? 10_000, inputTokens ?? int.MaxValue), (_limits.MaxInputs, _limits.RequestTokens, _limits.SharedInputTokens));
    }

    [Fact]
    public void Learned_RefusedAgain_IsLoweredAgainWithoutAnotherLogEntry()
    {
        _limits.Stated(new StatedLimits(10));
        _time.Advance(TimeSpan.FromHours(1));

        _limits.Stated(new StatedLimits(10));
        _time.Advance(TimeSpan.FromMinutes(59));

        Assert.Equal((10, 1), (_limits.MaxInputs, _log.Lines.Count));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(20, _limits.MaxInputs);
    }

    [Fact]
    public void Learned_ClockSetForward_StaysForItsHour()
    {
        _limits.Stated(new StatedLimits(10));

        _time.ClockError = TimeSpan.FromHours(5);

        Assert.Equal(10, _limits.MaxInputs);
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
