using Microsoft.Extensions.Options;

namespace Quiver.Client;

/// <summary>Collects the faults of options, each with what to change.</summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    public void Add(string fault) => _faults.Add(fault);

    public void Range<T>(string option, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            _faults.Add($"{option} is {value}: set it from {min} to {max}.");
        }
    }

    public ValidateOptionsResult ToResult() => _faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_faults);
}
