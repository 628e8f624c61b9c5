using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;

namespace Quiver.Silo.Serving;

/// <summary>
/// The HTTP server around a silo: starts, reports its real addresses, drains and stops. Start it once; not thread-safe.
/// </summary>
public sealed partial class QuiverServer : IAsyncDisposable
{
    private static readonly TimeSpan LastSteps = TimeSpan.FromSeconds(10);

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

    /// <summary>The addresses that the server listens on, a port 0 replaced; empty before the start.</summary>
    public ImmutableArray<string> Addresses { get; private set; } = [];

    /// <summary>The address for programs on this machine.</summary>
    /// <exception cref="InvalidOperationException">The server has not started.</exception>
    public Uri LocalAddress => ListenAddress.ForLocalUse(Addresses.First());

    /// <summary>The server's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Prepares a server; nothing runs yet.</summary>
    /// <param name="setup">What to serve and how.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: settings are not valid; says all that is wrong with them.</exception>
    public static QuiverServer Create(QuiverServerSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        try
        {
            return new(QuiverServerBuilder.Build(setup), setup.Directory);
        }
        catch (Exception exception) when (SettingsValidation.Describe(exception) is { } what)
        {
            throw SettingsValidation.Invalid(what, exception);
        }
    }

    /// <summary>Starts the silo, listens, and publishes the address in the data directory.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: settings are not valid, or an address cannot be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        // The host would open every part before it looks at the settings, and log the exception besides.
        SettingsValidation.Validate(_app.Services);
        try
        {
            // The host would start the silo before it finds out.
            foreach (var url in _options.EffectiveUrls)
            {
                ListenAddress.RequireFree(url);
            }

            await _app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw new InvalidRequestException(
                ErrorCodes.InvalidOption, $"Cannot listen on {string.Join(", ", _options.EffectiveUrls)}: {exception.Message} Choose another address with --urls.", exception);
        }

        Addresses = [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        if (_directory is not null)
        {
            await _directory.PublishAsync(LocalAddress, cancellationToken);
        }

        foreach (var address in Addresses)
        {
            LogListening(address);
            if (!ListenAddress.IsLoopback(address))
            {
                LogOpenToOthers(address);
            }
        }
    }

    /// <summary>Starts, serves until a signal or the token says otherwise, and drains.</summary>
    /// <param name="started">Called once with the real addresses.</param>
    /// <param name="cancellationToken">Asks for the drain.</param>
    /// <returns>The process's exit code: 0, or 1 when the host stopped by itself because a part of it failed.</returns>
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
    /// Drains: not ready any more, event streams end, requests in flight get their grace, jobs finish their batches in flight. Returns after
    /// <see cref="ServerOptions.DrainTimeout"/> and ten seconds at the latest, then perhaps with parts that still run: end the process. What was not finished goes on from its checkpoint at the next start.
    /// </summary>
    public async Task StopAsync()
    {
        LogDraining(_options.DrainTimeout);
        try
        {
            if (_directory is not null)
            {
                await _directory.WithdrawAsync(CancellationToken.None);
            }

            // The host asks its parts to give up after the timeout, and not all of them do: the cluster's runtime tries for minutes to tell a
            // database that is away of its end.
            var stop = _app.StopAsync(CancellationToken.None);
            if (await Task.WhenAny(stop, Task.Delay(_options.DrainTimeout + LastSteps)) != stop)
            {
                LogLeftBehind(_options.DrainTimeout + LastSteps);
                return;
            }

            await stop;
            LogStopped();
        }
        catch (OperationCanceledException exception)
        {
            LogDrainTimedOut(exception, _options.DrainTimeout);
        }
    }

    /// <summary>Releases what the server holds; stop it first. The lock of the data directory stays its owner's.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [LoggerMessage(4101, LogLevel.Information, "Listening on {Address}")]
    private partial void LogListening(string address);

    [LoggerMessage(4102, LogLevel.Warning, "{Address} can be reached from other machines, and nobody who connects is asked who they are: put something in front that does")]
    private partial void LogOpenToOthers(string address);

    [LoggerMessage(4103, LogLevel.Information, "Draining, for {DrainTimeout} at most")]
    private partial void LogDraining(TimeSpan drainTimeout);

    [LoggerMessage(4104, LogLevel.Information, "Stopped")]
    private partial void LogStopped();

    [LoggerMessage(4106, LogLevel.Warning, "A part of the server has not stopped within {Limit}, such as one that waits for a database that is away; it is left behind")]
    private partial void LogLeftBehind(TimeSpan limit);

    [LoggerMessage(4105, LogLevel.Warning, "The drain took longer than {DrainTimeout}; what was in flight is done again at the next start")]
    private partial void LogDrainTimedOut(Exception exception, TimeSpan drainTimeout);
}
