using Quiver.Core.Chunking;

namespace Quiver.Tests.Unit.Core.Chunking;

public sealed class SentencesTests
{
    [Theory]
    [InlineData("One. Two", 4)]
    [InlineData("One! Two", 4)]
    [InlineData("He said \"One.\" Two", 14)]
    [InlineData("(One.) Two", 6)]
    [InlineData("Dr. Who", -1)]
    [InlineData("J. Smith", -1)]
    [InlineData("e.g. This", -1)]
    [InlineData("approx. five", -1)]
    [InlineData("It ended. but not here", -1)]
    [InlineData("Version 1.2 is out", -1)]
    [InlineData("猫である。名前", 5)]
    [InlineData("猫である。」名前", 6)]
    [InlineData("क्या। यह", 5)]
    [InlineData("no end", -1)]
    [InlineData("", -1)]
    public void LastAndFirstEnd_OfOneBorder_FindIt(string text, int expected)
    {
        Assert.Equal(expected, Sentences.LastEnd(text, 1, text.Length - 1));
        Assert.Equal(expected, Sentences.FirstEnd(text, 1, text.Length - 1));
    }

    [Theory]
    [InlineData("The end.", true)]
    [InlineData("The list:", true)]
    [InlineData("Mr.", false)]
    [InlineData("running on", false)]
    [InlineData("", false)]
    public void IsEnd_OfALine_TellsWhetherASentenceEnds(string line, bool expected) => Assert.Equal(expected, Sentences.IsEnd(line));
}
