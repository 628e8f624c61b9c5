using System.Text;
using Quiver.Core.Artifacts;

namespace Quiver.Tests.Conformance.Artifacts;

/// <summary>What every store of artifacts keeps to.</summary>
public abstract class ArtifactStoreConformance
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_WhatWasPut_GivesItsBytes()
    {
        var store = await CreateAsync();
        var content = new string('ä', 100_000);

        var info = await PutAsync(store, "acme/jobs/j1/report.json", content);

        Assert.Equal((200_000, "acme/jobs/j1/report.json"), (info.Bytes, info.Name.Value));
        Assert.Equal(content, await ReadAsync(store, "acme/jobs/j1/report.json"));
    }

    [Fact]
    public async Task Put_TheSameName_Replaces()
    {
        var store = await CreateAsync();
        await PutAsync(store, "acme/a.txt", "a longer first one");

        await PutAsync(store, "acme/a.txt", "second");

        Assert.Equal("second", await ReadAsync(store, "acme/a.txt"));
    }

    [Fact]
    public async Task DeleteFolder_OfAJob_LeavesTheOthers()
    {
        var store = await CreateAsync();
        await PutAsync(store, "acme/jobs/j1/report.json", "1");
        await PutAsync(store, "acme/jobs/j1/more/page.html", "2");
        await PutAsync(store, "acme/jobs/j10/report.json", "3");

        await store.DeleteFolderAsync("acme/jobs/j1/", Token);
        await store.DeleteFolderAsync("acme/jobs/never/", Token);

        Assert.Equal(["acme/jobs/j10/report.json"], (await store.ListAsync("acme/", null, 10, Token)).Items.Select(static item => item.Name.Value));
    }

    [Fact]
    public async Task Put_EmptyContent_IsThere()
    {
        var store = await CreateAsync();

        await PutAsync(store, "acme/a.txt", "");

        Assert.Equal("", await ReadAsync(store, "acme/a.txt"));
    }

    [Fact]
    public async Task Put_WritingFails_LeavesWhatWasThere()
    {
        var store = await CreateAsync();
        await PutAsync(store, "acme/a.txt", "first");

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.PutAsync(
            ArtifactName.Parse("acme/a.txt"),
            static async (stream, token) =>
            {
                await stream.WriteAsync(new byte[1_000], token);
                throw new InvalidOperationException();
            },
            Token));

        Assert.Equal("first", await ReadAsync(store, "acme/a.txt"));
        Assert.Equal(["acme/a.txt"], (await store.ListAsync("acme/", null, 10, Token)).Items.Select(static item => item.Name.Value));
    }

    [Fact]
    public async Task Open_Missing_GivesNothing()
    {
        var store = await CreateAsync();

        Assert.Null(await store.OpenAsync(ArtifactName.Parse("acme/none.txt"), Token));
    }

    [Fact]
    public async Task List_Folder_PagesThroughItByNameAndLeavesOthersOut()
    {
        var store = await CreateAsync();
        string[] names = ["acme/jobs/j1/a.txt", "acme/jobs/j1/b/c.txt", "acme/jobs/j1/b.txt", "acme/jobs/j1/d.txt"];
        foreach (var name in (string[])[.. names, "acme/jobs/j10/a.txt", "other/jobs/j1/a.txt"])
        {
            await PutAsync(store, name, name);
        }

        List<ArtifactInfo> found = [];
        string? after = null;
        do
        {
            var page = await store.ListAsync("acme/jobs/j1/", after, 2, Token);
            Assert.InRange(page.Items.Length, 1, 2);
            found.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(names.Order(StringComparer.Ordinal), found.Select(static item => item.Name.Value));
        Assert.All(found, static item => Assert.Equal(item.Name.Value.Length, item.Bytes));
        Assert.All(found, static item => Assert.InRange(item.At, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(10)));
        Assert.Empty((await store.ListAsync("unknown/", null, 10, Token)).Items);
    }

    protected abstract Task<IArtifactStore> CreateAsync();

    protected static Task<ArtifactInfo> PutAsync(IArtifactStore store, string name, string content) =>
        store.PutAsync(ArtifactName.Parse(name), (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(content), token).AsTask(), Token);

    protected static async Task<string> ReadAsync(IArtifactStore store, string name)
    {
        await using var artifact = await store.OpenAsync(ArtifactName.Parse(name), Token);
        Assert.NotNull(artifact);
        using var reader = new StreamReader(artifact.Content);
        var content = await reader.ReadToEndAsync(Token);
        Assert.Equal(Encoding.UTF8.GetByteCount(content), artifact.Bytes);
        return content;
    }
}
