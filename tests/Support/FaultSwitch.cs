namespace Quiver.Tests.Support;

/// <summary>Steps of a program pass here, by name; a test may fail one, or do something in its middle.</summary>
internal sealed class FaultSwitch
{
    private int _stepsLeft = int.MaxValue;

    /// <summary>Steps passed so far.</summary>
    public List<string> Steps { get; } = [];

    /// <summary>Runs at every step.</summary>
    public Func<string, Task>? OnStep { get; set; }

    /// <summary>Fails the step after so many; that one only.</summary>
    public void CrashAfter(int steps) => _stepsLeft = steps;

    public async Task PassAsync(string step)
    {
        lock (Steps)
        {
            Steps.Add(step);
            if (_stepsLeft-- == 0)
            {
                _stepsLeft = int.MaxValue;
                throw new CrashException(step);
            }
        }

        if (OnStep is { } action)
        {
            await action(step);
        }
    }
}
