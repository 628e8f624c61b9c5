
using Quiver.Adapters.Sources.Postgres;

namespace Quiver.Tests.Unit.Adapters.Sources.Postgres;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://db/shop", "postgres://db:5432/shop", "postgres://db:5432/shop")]
    [InlineData("PostgreSQL://ada@DB.example:6000/shop/", "postgres://ada@db.example:6000/shop", "postgres://db.example:6000/shop")]
    [InlineData("postgres://a%40b@db/my%20shop?sslmode=verify-full", "postgres://a%40b@db:5432/my%20shop?sslmode=verify-full", "postgres://db:5432/my%20shop")]
    [InlineData("postgres://Warehouse", "postgres://warehouse", "postgres://warehouse")]
    [InlineData("postgres://shop_2.eu", "postgres://shop_2.eu", "postgres://shop_2.eu")]
    public void Address_ThatIsOne_HasOneForm(string text, string normal, string place)
    {
        var address = PostgresAddress.Parse(text);

        Assert.Equal((normal, place), (address.ToString(), address.Place));
        Assert.Equal(address, PostgresAddress.Parse(normal));
    }

    [Theory]
    [InlineData("postgres://ada:hunter2@db/shop")]
    [InlineData("postgres://:hunter2@db/shop")]
    [InlineData("postgres://ada:@db/shop")]
    [InlineData("postgres://ada:hun@ter2@db/shop")]
    [InlineData("postgres://ada:hunter2/@db/shop")]
    [InlineData("postgres://db/shop?password=hunter2")]
    [InlineData("postgres://db/shop?sslpassword=hunter2")]
    [InlineData("postgres://db/shop?options=hunter2")]
    [InlineData("postgres://db/shop#hunter2")]
    [InlineData("mysql://ada:hunter2@db/shop")]
    [InlineData("hunter2")]
    public void Address_WithWhatMayBeASecret_IsRefusedWithoutRepeatingIt(string text)
    {
        var error = Assert.Throws<InvalidRequestException>(() => PostgresAddress.Parse(text));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.DoesNotContain("hun", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://")]
    [InlineData("postgres:///shop")]
    [InlineData("postgres://ada@shop")]
    [InlineData("postgres://shop:5432")]
    [InlineData("postgres://db/shop?sslmode=maybe")]
    public void Address_ThatIsNone_IsRefused(string text) =>
        Assert.Equal(ErrorCodes.InvalidOption, Assert.Throws<InvalidRequestException>(() => PostgresAddress.Parse(text)).Code);
}
