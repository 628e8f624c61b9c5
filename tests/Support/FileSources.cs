using Microsoft.Extensions.DependencyInjection;
using Quiver.Adapters.Sources.Files;
using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Tests.Support;

/// <summary>Reads files and folders as a job would.</summary>
internal static class FileSources
{
    public static ISourceFactory Factory(Action<FilesOptions>? configure = null) =>
        new ServiceCollection().AddFileSources(configure).BuildServiceProvider().GetRequiredService<ISourceFactory>();

    public static SourceSpec Spec(params string[] paths) => new() { Paths = [.. paths] };

    public static async Task<List<SourceRecord>> ReadAsync(SourceSpec spec, SourceCursor? from = null)
    {
        var source = await Factory().OpenAsync(spec, TestContext.Current.CancellationToken);
        return await source.ReadAsync(from ?? SourceCursor.Start, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Ids, each with its fault's code if it has one.</summary>
    public static async Task<string[]> OutcomesAsync(SourceSpec spec) => [.. (await ReadAsync(spec)).Select(record => Show(record.Item))];

    public static string Show(Document item) => item.FaultCode is null ? item.Id : $"{item.Id} {item.FaultCode}";
}
