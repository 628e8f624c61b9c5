using Quiver.Silo.Options;

namespace Quiver.Tests.Unit.Silo.Options;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7700", true)]
    [InlineData("http://127.0.0.1:0", true)]
    [InlineData("https://[::1]:7700", true)]
    [InlineData("http://localhost:7700", true)]
    [InlineData("http://127.1.2.3:7700", true)]
    [InlineData("http://0.0.0.0:7700", false)]
    [InlineData("http://*:7700", false)]
    [InlineData("http://+:7700", false)]
    [InlineData("http://[::]:7700", false)]
    [InlineData("http://10.0.0.1:7700", false)]
    [InlineData("http://quiver.example:7700", false)]
    [InlineData("http://localhost.evil.example:7700", false)]
    public void Address_ThatOthersCanReach_NeedsToBeMeant(string url, bool loopback)
    {
        Assert.Equal(loopback, ListenAddress.IsLoopback(url));
        Assert.Equal(loopback, ListenAddress.FindFault(url, allowRemote: false) is null);
        Assert.Null(ListenAddress.FindFault(url, allowRemote: true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7700")]
    [InlineData("127.0.0.1:7700")]
    [InlineData("ftp://127.0.0.1:7700")]
    [InlineData("http://127.0.0.1:7700/quiver")]
    [InlineData("http://127.0.0.1:70000")]
    public void Address_ThatIsNone_IsRefused(string url) => Assert.NotNull(ListenAddress.FindFault(url, allowRemote: true));

    [Theory]
    [InlineData("http://0.0.0.0:7700", "http://127.0.0.1:7700/")]
    [InlineData("http://[::]:7700", "http://[::1]:7700/")]
    [InlineData("http://*:7700", "http://127.0.0.1:7700/")]
    [InlineData("http://quiver.example:7700", "http://127.0.0.1:7700/")]
    [InlineData("http://127.0.0.1:7700", "http://127.0.0.1:7700/")]
    [InlineData("http://localhost:7700", "http://localhost:7700/")]
    [InlineData("http://10.0.0.1:7700", "http://10.0.0.1:7700/")]
    public void Address_ForThisMachine_IsOneThatCanBeConnectedTo(string url, string expected) =>
        Assert.Equal(expected, ListenAddress.ForLocalUse(url).AbsoluteUri);
}
