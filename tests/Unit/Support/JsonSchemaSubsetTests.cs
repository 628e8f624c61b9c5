using System.Text.Json;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Unit.Support;

/// <summary>The validator that the stand-in's contract rests on finds what is wrong.</summary>
public sealed class JsonSchemaSubsetTests
{
    private const string Schemas =
        """
        {
          "Point": {"type":"object","required":["id"],"properties":{"id":{"$ref":"#/components/schemas/Id"},"vector":{"type":"array","items":{"type":"number"}},"mode":{"anyOf":[{"$ref":"#/components/schemas/Mode"},{"nullable":true}]}}},
          "Id": {"anyOf":[{"type":"integer","minimum":0},{"type":"string","format":"uuid"}]},
          "Mode": {"type":"string","enum":["upsert","insert"]},
          "Payload": {"type":"object","additionalProperties":true},
          "Closed": {"type":"object","properties":{"at":{"type":"string","format":"date-time"}},"additionalProperties":false},
          "Ids": {"type":"array","items":{"$ref":"#/components/schemas/Id"},"uniqueItems":true}
        }
        """;

    [Theory]
    [InlineData("Point", """{"id":1}""", true)]
    [InlineData("Point", """{"id":"6b1f3f9e-6f0a-4c8e-9a55-0d9c2f7b1e11","vector":[1,-2.5e-3],"mode":null}""", true)]
    [InlineData("Point", """{"vector":[]}""", false)]
    [InlineData("Point", """{"id":-1}""", false)]
    [InlineData("Point", """{"id":1.5}""", false)]
    [InlineData("Point", """{"id":"no uuid"}""", false)]
    [InlineData("Point", """{"id":1,"vector":["a"]}""", false)]
    [InlineData("Point", """{"id":1,"vector":null}""", false)]
    [InlineData("Point", """{"id":1,"mode":"delete"}""", false)]
    [InlineData("Point", """{"id":1,"unknown":2}""", false)]
    [InlineData("Payload", """{"anything":{"at":["all"]}}""", true)]
    [InlineData("Closed", """{"at":"2026-01-02T03:04:05+00:00"}""", true)]
    [InlineData("Closed", """{"at":"yesterday"}""", false)]
    [InlineData("Closed", """{"on":"x"}""", false)]
    [InlineData("Closed", "[]", false)]
    [InlineData("Ids", "[1,2]", true)]
    [InlineData("Ids", "[1,1]", false)]
    public void Check_OfAValue_FindsWhatIsWrong(string schema, string json, bool valid)
    {
        var schemas = JsonDocument.Parse(Schemas).RootElement;

        var faults = new JsonSchemaSubset(schemas).Check(schemas.GetProperty(schema), JsonDocument.Parse(json).RootElement, "body");

        Assert.Equal(valid, faults.Count == 0);
    }
}
