using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Sources.Postgres;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Jobs;
using Quiver.Core.Sources;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Adapters.Sources.Postgres;

public sealed class PostgresSourceProviderTests
{
    private static readonly TableSpec Table = new() { Name = "docs" };
    private static readonly SourceSpec Spec = new() { Kind = "postgres", Paths = ["postgresql://DB/shop"], Table = Table };

    public static TheoryData<string, SourceSpec> Bad => new()
    {
        { "exactly one", Spec with { Paths = [] } },
        { "exactly one", Spec with { Paths = ["postgres://a", "postgres://b"] } },
        { "--table", Spec with { Table = null } },
        { "--text-column", Spec with { TextField = "body" } },
        { "--where", Spec with { Include = ["*.md"] } },
        { "markdown", Spec with { Format = DocumentFormat.JsonLines } },
        { "largest document", Spec with { MaxDocumentBytes = 0 } },
        { "name of the source", Spec with { Name = " " } },
        { "name of a table", Spec with { Table = Table with { Name = new string('n', 64) } } },
        { "name of a schema", Spec with { Table = Table with { Schema = "" } } },
        { "text column", Spec with { Table = Table with { TextColumns = ["a\0"] } } },
        { "named twice", Spec with { Table = Table with { KeyColumns = ["a", "a"] } } },
        { "at most 16", Spec with { Table = Table with { KeyColumns = [.. Enumerable.Range(0, 17).Select(i => $"k{i}")] } } },
        { "at most 61", Spec with { Table = Table with { MetadataColumns = [.. Enumerable.Range(0, 62).Select(i => $"m{i}")] } } },
        { "--since", Spec with { Table = Table with { SinceColumn = "at" } } },
        { "--since", Spec with { Table = Table with { Since = "1" } } },
        { "semicolon", Spec with { Table = Table with { Where = "a; b" } } },
        { "characters", Spec with { Table = Table with { Where = new string('a', 5000) } } },
        { "connection 'shop' is not configured", Spec with { Paths = ["postgres://shop"] } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Spec_ThatDoesNotFit_IsRefusedWithWhatToDo(string words, SourceSpec spec)
    {
        var error = Assert.Throws<InvalidRequestException>(() => Factory().Normalize(spec));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spec_Normalized_SaysWhatItLeftOpen()
    {
        var normal = Factory().Normalize(Spec with { Include = default, Table = Table with { KeyColumns = default } });

        Assert.Equal(["postgres://db:5432/shop"], normal.Paths);
        Assert.Equal(Table with { TextColumns = ["text"] }, normal.Table);
        Assert.Equal(normal.Table, Factory().Normalize(normal).Table);
    }

    [Fact]
    public void Spec_SubmittedTwice_AsksForTheSame()
    {
        var first = JobSamples.Spec() with { Source = Factory().Normalize(Spec with { Table = Table with { KeyColumns = ["a", "b"] } }) };
        var second = JobSamples.Spec() with { Source = Factory().Normalize(Spec with { Table = Table with { KeyColumns = ["a", "b"] } }) };

        Assert.True(JobSpecValidator.RequestTheSame(first, second));
        Assert.False(JobSpecValidator.RequestTheSame(first, second with { Source = second.Source with { Table = Table with { KeyColumns = ["b", "a"] } } }));
        Assert.Equal(first.Source.Table!.GetHashCode(), second.Source.Table!.GetHashCode());
    }

    [Fact]
    public void Spec_HostOfItsOwnChoice_IsRefusedWhereOnlyNamedOnesAre()
    {
        var factory = Factory(options =>
        {
            options.OnlyNamedConnections = true;
            options.Connections["SHOP"] = new() { ConnectionString = "Host=db;Database=shop" };
        });

        Assert.Equal(ErrorCodes.PathNotAllowed, Assert.Throws<InvalidRequestException>(() => factory.Normalize(Spec)).Code);
        Assert.Equal(["postgres://shop"], factory.Normalize(Spec with { Paths = ["postgres://Shop"] }).Paths);
    }

    [Theory]
    [InlineData("shop", "Host=db", "Host and Database")]
    [InlineData("shop", "Host=db;Database=d;Pasword=hunter2", "Host and Database")]
    [InlineData("shop", "", "Host and Database")]
    [InlineData("my shop", "Host=db;Database=d", "has an invalid name")]
    public void Options_ConnectionThatIsNone_IsNamedAndNotRepeated(string name, string connection, string words)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Factory(options => options.Connections[name] = new() { ConnectionString = connection }).Normalize(Spec));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains($"Quiver:Postgres:Connections:{name}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused() =>
        Assert.Throws<OptionsValidationException>(() => Factory(options => options.PageRows = 0).Normalize(Spec));

    private static ISourceFactory Factory(Action<PostgresOptions>? configure = null) =>
        new ServiceCollection().AddPostgresSources(configure).BuildServiceProvider().GetRequiredService<ISourceFactory>();
}
