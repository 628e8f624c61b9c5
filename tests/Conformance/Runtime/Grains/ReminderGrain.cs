using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace Quiver.Tests.Conformance.Runtime.Grains;

internal sealed class ReminderGrain(Journal journal) : Grain, IReminderGrain, IRemindable
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Add("activated");
        return Task.CompletedTask;
    }

    public Task RegisterAsync(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task UnregisterAsync(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task UnregisterStaleAsync(string name, TimeSpan period)
    {
        var stale = await this.RegisterOrUpdateReminder(name, period, period);
        await this.RegisterOrUpdateReminder(name, period, period);
        await this.UnregisterReminder(stale);
    }

    public async Task<string> ListAsync() => string.Join(",", (await this.GetReminders()).Select(reminder => reminder.ReminderName).Order(StringComparer.Ordinal));

    public Task DeactivateAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task RunAsync(string name)
    {
        journal.Add($"{name}<");
        await journal.PassAsync(name);
        journal.Add($"{name}>");
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        var number = (status.CurrentTickTime - status.FirstTickTime) / status.Period;
        journal.Add(string.Create(CultureInfo.InvariantCulture, $"{reminderName} {Math.Floor(number)}"));
        await journal.PassAsync(reminderName);
        if (reminderName == "failing") throw new TestStateException("reminder", 4);
    }
}
