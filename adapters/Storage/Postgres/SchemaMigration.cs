using System.Globalization;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>A step of the schema of the cluster's database.</summary>
/// <param name="Version">Steps are numbered from 1 without gaps.</param>
/// <param name="Name">What it is about.</param>
/// <param name="Script">The statements, run in one transaction.</param>
internal sealed record SchemaMigration(int Version, string Name, string Script)
{
    private const string Ending = ".sql";

    /// <summary>All steps, in order.</summary>
    public static ImmutableArray<SchemaMigration> All { get; } = Read();

    private static ImmutableArray<SchemaMigration> Read()
    {
        var assembly = typeof(SchemaMigration).Assembly;
        return
        [
            .. from resource in assembly.GetManifestResourceNames()
               where resource.StartsWith(typeof(SchemaMigration).Namespace!, StringComparison.Ordinal) && resource.EndsWith(Ending, StringComparison.Ordinal)
               let name = resource[(typeof(SchemaMigration).Namespace!.Length + 1)..^Ending.Length]
               let dash = name.IndexOf('-', StringComparison.Ordinal)
               let version = int.Parse(name[..dash], NumberStyles.None, CultureInfo.InvariantCulture)
               orderby version
               select new SchemaMigration(version, name[(dash + 1)..], ReadText(assembly.GetManifestResourceStream(resource)!)),
        ];
    }

    private static string ReadText(Stream resource)
    {
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
