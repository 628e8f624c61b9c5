using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Core.Embedding.Providers;

namespace Quiver.Tests.Unit.Adapters.Embeddings.OpenAI;

public sealed class LimitReaderTests
{
    [Theory]
    [InlineData("too many inputs: maximum 32", 32)]
    [InlineData("Too many inputs in request. Max is 512 got 600", 512)]
    [InlineData("A request can have at most 25 texts.", 25)]
    [InlineData("batch size is invalid, it should not be larger than 10.: input.contents", 10)]
    [InlineData("input batch size 136 > maximum allowed batch size 64", 64)]
    [InlineData("input: List should have at most 96 items after validation, not 700", 96)]
    [InlineData("ensure this value has at most 96 items", 96)]
    [InlineData("The number of texts 700 exceeds the limit of 50", 50)]
    [InlineData("maximum number of texts per request: 128", 128)]
    [InlineData("The maximum batch size is 1,00", null)]
    [InlineData("You sent 700 texts.", null)]
    [InlineData("at most 1000 requests can be in one batch", null)]
    [InlineData("at most 0 texts", null)]
    [InlineData("at most 99999999999 texts", null)]
    [InlineData("The text at index 32 is not valid.", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Texts_OnlyTheStatedLimitIsTaken(string? message, int? limit) =>
        Assert.Equal(limit is null ? null : new StatedLimits(MaxInputs: limit), LimitReader.Find(message, 700));

    [Theory]
    [InlineData("Requested 453357 tokens, max 300,000 tokens per request", 300_000)]
    [InlineData("Maximum tokens per batch: 20000", 20_000)]
    [InlineData("Too many tokens in batch. Max is 16384 got 17555", 16_384)]
    [InlineData("Your batch has 121138 tokens after truncation. Please lower the number of tokens in the batch.", null)]
    [InlineData("Too many tokens overall, split into more batches.", null)]
    [InlineData("the input token count is 20033 but the model only supports up to 20000", null)]
    public void TokensOfARequest_OnlyTheStatedLimitIsTaken(string message, int? limit) =>
        Assert.Equal(limit is null ? null : new StatedLimits(MaxTokensPerRequest: limit), LimitReader.Find(message, 2));

    [Theory]
    [InlineData("Input length (1451) exceeds the model's maximum context length (512).", 2, 512)]
    [InlineData("The prompt is too long to fit into the model (context length 2048)", 2, 2048)]
    [InlineData("A text has 600 tokens, exceeds the max of 512 tokens", 2, 512)]
    [InlineData("at most 8192 tokens per input", 2, 8192)]
    [InlineData("the input token count is 20033 but the model only supports up to 20000", 1, 20_000)]
    [InlineData("too many tokens: total number of tokens cannot exceed 4096 - received 6354", 1, 4096)]
    [InlineData("the input length exceeds the context length", 1, null)]
    [InlineData("The text has 9000 tokens.", 1, null)]
    [InlineData("The text has at most 3 words.", 1, null)]
    public void TokensOfAText_OnlyTheStatedLimitIsTaken(string message, int texts, int? limit) =>
        Assert.Equal(limit is null ? null : new StatedLimits(MaxTokensPerInput: limit), LimitReader.Find(message, texts));

    [Theory]
    [InlineData("Request too large for m on tokens per min (TPM): Limit 40000, Requested 60000.", 2, 40_000)]
    [InlineData("Rate limit reached for m on tokens per min (TPM): Limit 40000, Used 39000, Requested 2000.", 2, null)]
    [InlineData("Request too large", 2, null)]
    public void Request_AboveTheTokensOfAMinute_HasItsLimit(string message, int texts, int? limit) =>
        Assert.Equal(limit is null ? null : new StatedLimits(MaxTokensPerRequest: limit), LimitReader.FindTooLarge(message, texts));

    [Fact]
    public void Text_AboveTheTokensOfAMinute_HasItsLimit() => Assert.Equal(
        new StatedLimits(MaxTokensPerInput: 400), LimitReader.FindTooLarge("Request too large for m on tokens per min (TPM): Limit 400, Requested 600.", texts: 1));
}
