using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Silo.Hosting;

namespace Quiver.Tests.Unit.Silo.Hosting;

/// <summary>All registrations that would open sockets are replaced.</summary>
public sealed class NoTransportTests
{
    [Fact]
    public void Replace_InAnOrleansSilo_FindsEveryConnectionFactory()
    {
        var replaced = 0;

        new ServiceCollection().AddOrleans(silo => replaced = NoTransport.Replace(silo.Services));

        Assert.Equal(NoTransport.Replaced, replaced);
    }
}
