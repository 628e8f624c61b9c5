using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Quiver.Bench.Measuring;

namespace Quiver.Bench.Provider;

/// <summary>A <see cref="SlowProvider"/> that runs beside this process.</summary>
internal sealed class SlowProviderProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Uri _root;
    private readonly HttpClient _http = new();

    private SlowProviderProcess(Process process, Uri root) => (_process, _root) = (process, root);

    public string Address => new Uri(_root, "/v1").AbsoluteUri;

    public static async Task<SlowProviderProcess> StartAsync(TimeSpan latency)
    {
        var process = ThisProgram.Start(SlowProvider.Name, latency.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        if (await process.StandardOutput.ReadLineAsync() is { } address)
        {
            return new(process, new Uri(address));
        }

        process.Dispose();
        throw new InvalidOperationException("The slow provider did not start.");
    }

    public async Task<ProviderReading> ReadAsync() => (await _http.GetFromJsonAsync<ProviderReading>(new Uri(_root, SlowProvider.ReadingPath)))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
    }
}
