using System.Diagnostics;
using Quiver.Silo.DataDirectory;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Silo.DataDirectory;

public sealed class DataDirectoryLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Acquire_OfAHeldDirectory_SaysWhoHoldsItAndWhatToDo()
    {
        await using var held = await AcquireAsync("quiver ingest");

        var error = await Assert.ThrowsAsync<ConflictException>(() => AcquireAsync("quiver serve"));

        Assert.Equal(ErrorCodes.DataDirectoryLocked, error.Code);
        Assert.Contains("'quiver ingest'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.Contains("--data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_AfterARelease_Succeeds()
    {
        await (await AcquireAsync("first")).DisposeAsync();

        await using var second = await AcquireAsync("second");

        Assert.Equal(_folder.At("data"), second.Directory);
    }

    [Fact]
    public async Task TryFindServer_OfAPublishedServer_FindsIt()
    {
        await using var held = await AcquireAsync("quiver serve");
        await held.PublishAsync(new Uri("http://127.0.0.1:4711"), Token);

        var found = await FindAsync();

        Assert.Equal(new Uri("http://127.0.0.1:4711"), found!.Address);
        Assert.Equal((Environment.ProcessId, "quiver serve"), (found.Pid, found.Purpose));
    }

    [Fact]
    public async Task TryFindServer_OfACommand_IsAConflict()
    {
        await using var held = await AcquireAsync("quiver ingest");

        var error = await Assert.ThrowsAsync<ConflictException>(FindAsync);

        Assert.Equal(ErrorCodes.DataDirectoryLocked, error.Code);
    }

    [Fact]
    public async Task FindHolder_HasTheAddressOfAServerOnly()
    {
        Assert.Null(await AddressAsync());
        await using var held = await AcquireAsync("quiver serve");
        Assert.Null(await AddressAsync());
        await held.PublishAsync(new Uri("http://127.0.0.1:4711"), Token);
        Assert.Equal(new Uri("http://127.0.0.1:4711"), await AddressAsync());

        async Task<Uri?> AddressAsync() => (await DataDirectoryLock.FindHolderAsync(_folder.At("data"), Token))?.Address;
    }

    [Fact]
    public async Task TryFindServer_OfAServerThatWithdrew_IsAConflict()
    {
        await using var held = await AcquireAsync("quiver serve");
        await held.PublishAsync(new Uri("http://127.0.0.1:4711"), Token);
        await held.WithdrawAsync(Token);

        await Assert.ThrowsAsync<ConflictException>(FindAsync);
    }

    [Fact]
    public async Task TryFindServer_WithNobodyThere_FindsNothingAndTouchesNothing()
    {
        Assert.Null(await FindAsync());
        Assert.False(Directory.Exists(_folder.At("data")));
    }

    [Fact]
    public async Task TryFindServer_AfterTheServersRelease_FindsNothing()
    {
        var held = await AcquireAsync("quiver serve");
        await held.PublishAsync(new Uri("http://127.0.0.1:4711"), Token);
        await held.DisposeAsync();

        Assert.Null(await FindAsync());
        Assert.False(File.Exists(_folder.At("data/server.json")));
    }

    [Fact]
    public async Task TryFindServer_ByManyAtOnce_NeitherDisturbsNorIsDisturbed()
    {
        await (await AcquireAsync("first")).DisposeAsync();

        var looks = Enumerable.Range(0, 4).Select(_ => Task.Run(FindAsync, Token)).ToList();
        await using var held = await AcquireAsync("second");
        var found = await Task.WhenAll(looks.Select(static look => look.ContinueWith(
            static done => done.Exception?.InnerException is null or ConflictException, TaskScheduler.Default)));

        Assert.All(found, Assert.True);
    }

    [Fact]
    public async Task Lock_OfAnotherProcess_HoldsUntilThatIsKilled()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs the program flock.");
        Directory.CreateDirectory(_folder.At("data"));
        _folder.Write("data/server.json", """{"address":"http://127.0.0.1:4711","pid":1,"startedAt":"2026-01-01T00:00:00Z","purpose":"quiver serve"}""");
        using var other = Process.Start(new ProcessStartInfo("flock")
        {
            ArgumentList = { "--no-fork", _folder.At("data/quiver.lock"), "cat" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await other.StandardInput.WriteLineAsync("held");
        await other.StandardInput.FlushAsync(Token);
        await other.StandardOutput.ReadLineAsync(Token);

        var whileHeld = await FindAsync();
        var refused = await Assert.ThrowsAsync<ConflictException>(() => AcquireAsync("quiver ingest"));
        other.Kill();
        await other.WaitForExitAsync(Token);
        var afterwards = await FindAsync();
        await using var taken = await AcquireAsync("quiver ingest");

        Assert.Equal(new Uri("http://127.0.0.1:4711"), whileHeld!.Address);
        Assert.Contains("--server http://127.0.0.1:4711", refused.Message, StringComparison.Ordinal);
        Assert.Null(afterwards);
    }

    private Task<DataDirectoryLock> AcquireAsync(string purpose) =>
        DataDirectoryLock.AcquireAsync(_folder.At("data"), purpose, TimeProvider.System, Token);

    private Task<DataDirectoryHolder?> FindAsync() => DataDirectoryLock.TryFindServerAsync(_folder.At("data"), Token);
}
