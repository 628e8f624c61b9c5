using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;

namespace Quiver.Silo.Serving;

/// <summary>The HTTP server around a silo: starts, publishes its addresses, drains and stops. Start it once; not thread-safe.</summary>
public sealed partial class QuiverServer : IAsyncDisposable
{
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(10);

    private readonly WebApplication _app;
    private readonly DataDirectoryLock? _directory;
    private readonly ServerOptions _options;
    private readonly ILogger<QuiverServer> _logger;

    private QuiverServer(WebApplication app, DataDirectoryLock? directory)
    {
        _app = app;
        _directory = directory;
        _options = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value;
        _logger = app.Services.GetRequiredService<ILogger<QuiverServer>>();
    }

    /// <summary>The addresses that the server listens on, with the actual ports; empty before the start.</summary>
    public ImmutableArray<string> Addresses { get; private set; } = [];

    /// <summary>The address for programs on this machine.</summary>
    /// <exception cref="InvalidOperationException">The server has not started.</exception>
    public Uri LocalAddress => ListenAddress.ForLocalUse(Addresses.First());

    /// <summary>The server's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Prepares a server; nothing runs yet.</summary>
    /// <param name="setup">What to serve and how.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: settings are not valid; names everything that is
    /// wrong.</exception>
    public static QuiverServer Create(QuiverServerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        try
        {
            return new(QuiverServerBuilder.Build(setup), setup.Directory);
        }
        catch (Exception exception) when (SettingsValidation.Describe(exception) is { } message)
        {
            throw SettingsValidation.Invalid(message, exception);
        }
    }

    /// <summary>Starts the silo, listens, and publishes the address in the data directory.</summary>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: settings are not valid, or an address is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            // The host would start the silo before it finds out that an address is taken.
            foreach (var url in _options.EffectiveUrls)
            {
                ListenAddress.RequireFree(url);
            }

            await _app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new InvalidRequestException(
                ErrorCodes.InvalidOption,
                $"Cannot listen on {string.Join(", ", _options.EffectiveUrls)}: {exception.Message} Choose another address with --urls.",
                exception);
        }

        Addresses = [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        if (_directory is not null)
        {
            await _directory.PublishAsync(LocalAddress, cancellationToken);
        }

        foreach (var address in Addresses)
        {
            LogListening(_logger, address);
            if (!ListenAddress.IsLoopback(address))
            {
                LogReachable(_logger, address);
            }
        }
    }

    /// <summary>Starts, serves until a signal arrives or the token is cancelled, and drains.</summary>
    /// <param name="started">Called once with the actual addresses.</param>
    /// <param name="cancellationToken">Starts the drain.</param>
    /// <returns>The process's exit code: 0, or 1 when the host stopped because one of its services failed.</returns>
    public async Task<int> RunAsync(Action<ImmutableArray<string>>? started = null, CancellationToken cancellationToken = default)
    {
        using var signals = new StopSignals();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, signals.Token, _app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await StartAsync(linked.Token);
        started?.Invoke(Addresses);
        await Task.Delay(Timeout.InfiniteTimeSpan, linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var asked = cancellationToken.IsCancellationRequested || signals.Token.IsCancellationRequested;
        await StopAsync();
        return asked ? 0 : 1;
    }

    /// <summary>
    /// Drains: the server is not ready any more, event streams end, requests in flight get their grace, jobs finish their batches in flight. Returns
    /// at the latest ten seconds after <see cref="ServerOptions.DrainTimeout"/>, possibly with parts that still run: end the process. Unfinished work
    /// continues from its checkpoint at the next start.
    /// </summary>
    public async Task StopAsync()
    {
        LogDraining(_logger, _options.DrainTimeout);
        try
        {
            if (_directory is not null)
            {
                await _directory.WithdrawAsync(CancellationToken.None);
            }

            // Not all services give up after the host's timeout: Orleans tries for minutes to deregister from a database that is unreachable.
            var stop = _app.StopAsync(CancellationToken.None);
            if (await Task.WhenAny(stop, Task.Delay(_options.DrainTimeout + StopMargin)) != stop)
            {
                LogLeftRunning(_logger, _options.DrainTimeout + StopMargin);
                return;
            }

            await stop;
            LogStopped(_logger);
        }
        catch (OperationCanceledException exception)
        {
            LogDrainTimedOut(_logger, exception, _options.DrainTimeout);
        }
    }

    /// <summary>Releases the server's resources; stop it first. The lock of the data directory belongs to the caller.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [LoggerMessage(4101, LogLevel.Information, "Listening on {Address}")]
    private static partial void LogListening(ILogger logger, string address);

    [LoggerMessage(4102, LogLevel.Warning, "Other machines can reach {Address}, which does not authenticate callers: put an authenticating proxy in front")]
    private static partial void LogReachable(ILogger logger, string address);

    [LoggerMessage(4103, LogLevel.Information, "Draining for at most {DrainTimeout}")]
    private static partial void LogDraining(ILogger logger, TimeSpan drainTimeout);

    [LoggerMessage(4104, LogLevel.Information, "Stopped")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(4105, LogLevel.Warning, "The drain took longer than {DrainTimeout}; the next start repeats what was in flight")]
    private static partial void LogDrainTimedOut(ILogger logger, Exception exception, TimeSpan drainTimeout);

    [LoggerMessage(4106, LogLevel.Warning, "A service, such as one that waits for an unreachable database, did not stop within {Limit}; it is abandoned")]
    private static partial void LogLeftRunning(ILogger logger, TimeSpan limit);
}
