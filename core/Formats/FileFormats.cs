using System.Collections.Frozen;

namespace Quiver.Core.Formats;

/// <summary>What a file's name says about its content.</summary>
public static class FileFormats
{
    private static readonly FrozenSet<string> CodeEndings = Names(
        "abap ada adb ads asm astro awk bash bat bicep c cc cfg cjs clj cljs cmake cmd coffee cpp cr cs cshtml csproj css csx cu cuh cxx d dart dockerfile "
        + "editorconfig el elm erl ex exs f90 fish fs fsi fsproj fsx go gradle graphql groovy h handlebars hbs hcl hh hpp hrl hs html hxx ini ipp java jl js "
        + "json5 jsonc jsx kt kts less lisp lua m make mjs mk ml mli mm mts nim nix pas php pl plist pm proto props ps1 psd1 psm1 py pyi pyx r razor rb rkt rs "
        + "s sass scala scm scss sh sln sol sql svelte swift targets tcl tf tfvars toml ts tsx v vb vbproj vhd vhdl vim vue xaml xml xsd xsl xslt yaml yml zig zsh");

    private static readonly FrozenSet<string> CodeNames = Names(
        "BUILD CMakeLists.txt Containerfile Dockerfile Gemfile GNUmakefile Jenkinsfile Justfile Makefile Podfile Rakefile Vagrantfile WORKSPACE makefile");

    private static readonly FrozenSet<string> BinaryEndings = Names(
        "7z a aac ar avi avif bin bmp br bz2 cab class com dat db db3 deb dll dmg doc docx dylib ear eot epub exe flac flv gif gz heic icns ico iso jar jpeg jpg "
        + "jp2 lib lz4 m4a m4v mkv mov mp3 mp4 mpeg mpg msi npy npz nupkg o obj odp ods odt ogg onnx otf parquet pb pdb pdf pickle pkl png ppt pptx psd pt pth pyc pyd "
        + "rar rpm safetensors snupkg so sqlite sqlite3 swf tar tflite tgz tif tiff ttf wasm wav webm webp whl woff woff2 wmv xls xlsx xz zip zst");

    /// <summary>The format of a file: the one asked for, or by its name for <see cref="DocumentFormat.Auto"/>.</summary>
    /// <param name="format">What was asked for.</param>
    /// <param name="fileName">The file's name, with or without folders.</param>
    public static DocumentFormat Resolve(DocumentFormat format, string fileName)
    {
        if (format != DocumentFormat.Auto)
        {
            return format;
        }

        return Ending(fileName) switch
        {
            "jsonl" or "ndjson" => DocumentFormat.JsonLines,
            "json" => DocumentFormat.Json,
            "md" or "markdown" => DocumentFormat.Markdown,
            var ending when CodeEndings.Contains(ending) || CodeNames.Contains(Name(fileName)) => DocumentFormat.Code,
            _ => DocumentFormat.Text,
        };
    }

    /// <summary>Whether a file of this format is one record, whatever it holds.</summary>
    /// <param name="format">Any format but <see cref="DocumentFormat.Auto"/>.</param>
    public static bool IsOneDocument(DocumentFormat format) => format is DocumentFormat.Text or DocumentFormat.Markdown or DocumentFormat.Code;

    /// <summary>Whether the name alone says that a file is no text; such files are passed over in folders.</summary>
    /// <param name="fileName">The file's name, with or without folders.</param>
    public static bool IsKnownBinary(string fileName) => BinaryEndings.Contains(Ending(fileName));

    private static string Ending(string fileName) => Path.GetExtension(fileName) is { Length: > 1 } ending ? ending[1..].ToLowerInvariant() : "";

    private static string Name(string fileName) => Path.GetFileName(fileName);

    private static FrozenSet<string> Names(string list) => list.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
