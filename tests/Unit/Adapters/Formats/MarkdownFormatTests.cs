using Quiver.Core.Formats;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Adapters.Formats;

public sealed class MarkdownFormatTests
{
    private const string Fault = RecordConstants.FrontMatterFaultField;

    [Theory]
    [InlineData("---\ntitle: Install guide\ndraft: false\nversion: 1.10\nnothing: ~\n---\n# One\n", "title=Install guide;draft=false;version=1.10", "# One\n")]
    [InlineData("---\r\ntags: [a, 'b, c', 3, true, null]\r\nauthor:\r\n  name: Ada\r\n  since: 2026-01-02\r\n...\r\nBody", "tags=[\"a\",\"b, c\",3,true,null];author={\"name\":\"Ada\",\"since\":\"2026-01-02\"}", "Body")]
    [InlineData("---\npath: x\nchunk: y\nheadings: z\n---\nBody", "source_path=x;source_chunk=y;source_headings=z", "Body")]
    [InlineData("---\na:\n- - 1\n  - {b: [], c: {}}\n---\nBody", "a=[[1,{\"b\":[],\"c\":{}}]]", "Body")]
    [InlineData("+++\ntitle = \"Guide\"\nweight = 10\ndraft = true\nratio = 1.5\ntags = [\"a\", \"b\"]\n[params]\nlong = \"x\"\n+++\nBody", "title=Guide;weight=10;draft=true;ratio=1.5;tags=[\"a\",\"b\"];params={\"long\":\"x\"}", "Body")]
    public async Task Read_FrontMatter_BecomesFieldsAndTheTextBeginsBehindIt(string content, string fields, string body)
    {
        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.Markdown, content));

        Assert.Null(record.Fault);
        Assert.Equal(fields, string.Join(';', record.Fields.Select(field => $"{field.Key}={field.Value}")));
        Assert.Equal((content, body), (record.Text, record.Text[record.TextStart..]));
    }

    [Theory]
    [InlineData("# One\n\n---\ntitle: x\n---\n")]
    [InlineData("---\nno end\n")]
    [InlineData("---\nJust a paragraph between two rules\n---\n")]
    [InlineData("----\ntitle: x\n----\n")]
    [InlineData("+++\nno end")]
    [InlineData(" ---\ntitle: x\n---\n")]
    public async Task Read_TextThatOnlyLooksLikeFrontMatter_IsText(string content)
    {
        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.Markdown, content));

        Assert.Equal((0, true, null), (record.TextStart, record.Fields.IsEmpty, record.Fault));
    }

    [Theory]
    [InlineData("---\ntitle: \"unclosed\nmore: x\n---\nBody", "line ", "YAML")]
    [InlineData("---\na: 1\n\tb: 2\n---\nBody", "line 2", "YAML")]
    [InlineData("---\na: &x [1]\nb: *x\n---\nBody", "line 3", "aliases")]
    [InlineData("---\na:\n  ? [k]\n  : v\n---\nBody", "line 3", "key")]
    [InlineData("+++\ntitle = \n+++\nBody", "line 2", "TOML")]
    public async Task Read_MalformedFrontMatter_IsAFieldThatSaysWhyAndTheBodyStays(string content, string place, string what)
    {
        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.Markdown, content));

        var (name, reason) = Assert.Single(record.Fields);
        Assert.Equal((Fault, null, "Body"), (name, record.Fault, record.Text[record.TextStart..]));
        Assert.StartsWith(place, reason, StringComparison.Ordinal);
        Assert.Contains(what, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("---\na: ", "[", "]\n---\n")]
    [InlineData("---\na:\n  ", "- ", "x\n---\n")]
    [InlineData("---\na: ", "{k: ", "}\n---\n")]
    [InlineData("+++\na = ", "[", "]\n+++\n")]
    [InlineData("+++\na = ", "{k=", "}\n+++\n")]
    public async Task Read_HostileDepth_IsAFaultAndNoCrash(string before, string repeated, string after)
    {
        var content = before + string.Concat(Enumerable.Repeat(repeated, 60_000 / repeated.Length)) + after + "Body";

        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.Markdown, content));

        Assert.Equal(Fault, Assert.Single(record.Fields).Key);
        Assert.Equal("Body", record.Text[record.TextStart..]);
    }

    [Fact]
    public async Task Read_ManyLongFields_KeepsTheLimits()
    {
        var content = $"---\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"field{i}: {new string('v', 500)}\n"))}{new string('n', 300)}: x\nlong: {new string('v', 5_000)}\n---\nBody";

        var record = Assert.Single(await Records.ReadAsync(DocumentFormat.Markdown, content));

        Assert.Equal(RecordConstants.MaxFields, record.Fields.Length);
        Assert.All(record.Fields, field => Assert.InRange(field.Value.Length, 1, RecordConstants.MaxValueCharacters));
    }
}
