using Quiver.Adapters.Embeddings.OpenAI;

namespace Quiver.Tests.Unit.Adapters.Embeddings.OpenAI;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("20", 20.0)]
    [InlineData(" 1.5 ", 1.5)]
    [InlineData("-3", 0.0)]
    [InlineData("1s", 1.0)]
    [InlineData("20ms", 0.02)]
    [InlineData("6m0s", 360.0)]
    [InlineData("1h2m3.5s", 3723.5)]
    [InlineData("1d", 86_400.0)]
    [InlineData("2 minutes, 5 seconds", 125.0)]
    [InlineData("1 hour and 5 min", 3900.0)]
    [InlineData("1e300", 2_678_400.0)]
    [InlineData("99999999999d", 2_678_400.0)]
    [InlineData("5 miles", null)]
    [InlineData("soon", null)]
    [InlineData("NaN", null)]
    [InlineData("", null)]
    public void Times_OfAllForms_AreRead(string text, double? seconds)
    {
        Assert.Equal(seconds is not null, Durations.TryParse(text, out var time));
        Assert.Equal(seconds ?? 0, time.TotalSeconds, 1e-6);
    }

    [Theory]
    [InlineData("Please try again in 20s.", 20.0)]
    [InlineData("Please retry in 36.8s.", 36.8)]
    [InlineData("Please try again in 7m12s. Visit our page.", 432.0)]
    [InlineData("please try again in 250ms", 0.25)]
    [InlineData("Please retry after 2 seconds.", 2.0)]
    [InlineData("Wait for 5 minutes", 300.0)]
    [InlineData("Expected available in 12 seconds.", 12.0)]
    [InlineData("The limit resets in about 3 hours.", 10_800.0)]
    [InlineData("wait 30 messages", null)]
    [InlineData("Please try again later.", null)]
    [InlineData("The request took 20s.", null)]
    public void Waits_InASentence_AreFound(string sentence, double? seconds)
    {
        var wait = Durations.FindWait(sentence);

        Assert.Equal(seconds is null, wait is null);
        Assert.Equal(seconds ?? 0, wait?.TotalSeconds ?? 0, 1e-6);
    }
}
