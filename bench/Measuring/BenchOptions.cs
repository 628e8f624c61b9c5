using System.Globalization;

namespace Quiver.Bench.Measuring;

/// <summary>The options of a benchmark: <c>--name value</c>, or <c>--name</c> alone.</summary>
internal sealed class BenchOptions(string[] args)
{
    /// <summary>Whether an option is there.</summary>
    public bool Has(string name) => args.Contains(name);

    /// <summary>What follows an option, or what stands for it.</summary>
    public string Text(string name, string otherwise)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : otherwise;
    }

    /// <summary>The number that follows an option, or what stands for it.</summary>
    public int Number(string name, int otherwise) => int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
}
