namespace Quiver.Tests.Conformance.Runtime.Grains;

internal interface IReminderGrain : Orleans.IGrainWithStringKey
{
    Task RegisterAsync(string name, TimeSpan due, TimeSpan period);

    Task UnregisterAsync(string name);

    Task UnregisterStaleAsync(string name, TimeSpan period);

    Task<string> ListAsync();

    Task DeactivateAsync();

    Task RunAsync(string name);
}
