namespace Quiver.Tests.Unit.GrainInterfaces.Identity;

public sealed class NameValidatorTests
{
    public static TheoryData<string?> Refused =>
    [
        (string?)null, "", " ", ".hidden", "-dash", "_low", "a/b", "a b", "a\n", "ä", "a\u0000", "a:b", "a\\b", new string('a', 65),
    ];

    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("Docs-2.0_final")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void IsValid_GoodName_IsTaken(string name)
    {
        Assert.True(NameValidator.IsValid(name));
        Assert.Equal(name, TenantId.Parse(name).Value);
        Assert.Equal(name, JobId.Parse(name).ToString());
        Assert.Equal(name, CollectionName.Parse(name).ToString());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Parse_BadName_IsRefusedWithItsKindAndTheRule(string? name)
    {
        Assert.False(NameValidator.IsValid(name));
        Check("invalid_tenant", "tenant", () => TenantId.Parse(name));
        Check("invalid_job", "job", () => JobId.Parse(name));
        Check("invalid_collection", "collection", () => CollectionName.Parse(name));

        void Check(string code, string what, Action parse)
        {
            var error = Assert.Throws<InvalidRequestException>(parse);
            Assert.Equal(code, error.Code);
            Assert.Equal($"'{name}' is not a valid {what} name: use 1 to 64 letters, digits, '.', '_' or '-', starting with a letter or digit.", error.Message);
        }
    }

    [Fact]
    public void Value_OfDefault_IsEmpty() => Assert.Equal(("", "", ""), (default(TenantId).Value, default(JobId).Value, default(CollectionName).Value));
}
