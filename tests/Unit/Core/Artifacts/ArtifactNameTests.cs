using Quiver.Core.Artifacts;

namespace Quiver.Tests.Unit.Core.Artifacts;

public sealed class ArtifactNameTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData(".hidden")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("a\0b")]
    public void Parse_WhatCouldLeaveItsFolder_IsRefused(string text) =>
        Assert.Equal(ErrorCodes.InvalidOption, Assert.Throws<InvalidRequestException>(() => ArtifactName.Parse(text)).Code);

    [Fact]
    public void OfJob_HoldsTenantAndJob()
    {
        var name = ArtifactName.OfJob(new JobKey(TenantId.Parse("acme"), JobId.Parse("j-1")), "failures.jsonl");

        Assert.Equal(("acme/jobs/j-1/failures.jsonl", "failures.jsonl", "application/jsonl"), (name.Value, name.File, name.ContentType));
    }
}
