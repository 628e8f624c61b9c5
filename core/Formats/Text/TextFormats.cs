namespace Quiver.Core.Formats.Text;

/// <summary>Formats whose files are text, each file one document.</summary>
public static class TextFormats
{
    private const string CodeEndings =
        "abap ada adb ads asm astro awk bash bat bicep c cc cfg cjs clj cljs cmake cmd coffee cpp cr cs cshtml csproj css csx cu cuh cxx d dart dockerfile "
        + "editorconfig el elm erl ex exs f90 fish fs fsi fsproj fsx go gradle graphql groovy h handlebars hbs hcl hh hpp hrl hs html hxx ini ipp java jl js "
        + "json5 jsonc jsx kt kts less lisp lua m make mjs mk ml mli mm mts nim nix pas php pl plist pm proto props ps1 psd1 psm1 py pyi pyx r razor rb rkt rs "
        + "s sass scala scm scss sh sln sol sql svelte swift targets tcl tf tfvars toml ts tsx v vb vbproj vhd vhdl vim vue xaml xml xsd xsl xslt yaml yml zig zsh";

    private const string CodeNames =
        "BUILD CMakeLists.txt Containerfile Dockerfile Gemfile GNUmakefile Jenkinsfile Justfile Makefile Podfile Rakefile Vagrantfile WORKSPACE makefile";

    /// <summary>Plain text.</summary>
    public static RecordFormat Plain { get; } = Create(DocumentFormat.Text, "txt text log");

    /// <summary>Source code of any language.</summary>
    public static RecordFormat Code { get; } = Create(DocumentFormat.Code, CodeEndings) with { FileNames = [.. CodeNames.Split(' ')] };

    private static RecordFormat Create(DocumentFormat format, string endings) => new()
    {
        Format = format,
        ChunkAs = format,
        CreateReader = static options => new WholeFileReader(options),
        Endings = [.. endings.Split(' ')],
        IsOneDocument = true,
    };
}
