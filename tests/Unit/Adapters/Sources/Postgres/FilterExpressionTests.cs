using Quiver.Adapters.Sources.Postgres;

namespace Quiver.Tests.Unit.Adapters.Sources.Postgres;

public sealed class FilterExpressionTests
{
    [Theory]
    [InlineData("NOT hidden")]
    [InlineData("kind = 'it''s (a; b -- c /* d $1'")]
    [InlineData("\"od\"\"d; (\" = 1 AND (a OR (b))")]
    [InlineData("kind IN (SELECT k FROM kinds)")]
    [InlineData("path = '\\' AND body LIKE E'a%'")]
    [InlineData("day > date'2026-01-01'")]
    [InlineData("path = 'C:\\' AND body ~ '\\d+'")]
    [InlineData("body = 'a'\n  'b\\' AND (kind = 'c')")]
    [InlineData("body = E'it''s' AND path = '\\'")]
    [InlineData("data @> '{\"a\": [1]}' AND n - 1 > -2")]
    public void Condition_ThatStaysWithinItsParentheses_IsTaken(string sql) => Assert.Null(FilterExpression.FindFault(sql));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("true) OR (true")]
    [InlineData("(true")]
    [InlineData("true; DELETE FROM t")]
    [InlineData("true -- ")]
    [InlineData("true /* ")]
    [InlineData("id > $1")]
    [InlineData("body = $$)$$")]
    [InlineData("body = 'open")]
    [InlineData("\"open")]
    [InlineData("E'\\' ) OR (true OR body = '")]
    [InlineData("date'\\' ) OR (true OR body = '")]
    [InlineData("E'a''\\'x' IS NOT NULL) OR (false AND E'a''\\'x' IS NULL")]
    [InlineData("E'a'\n'\\' ) OR (true OR body = '")]
    [InlineData("e'a' \t\r\n '\\' ) OR (true OR body = '")]
    [InlineData("E'a'\f\n\v'b''c'\n'\\' ) OR (true OR body = '")]
    [InlineData("body = 'a''")]
    [InlineData("body = 'a'\n'b) OR (true")]
    [InlineData("true\0")]
    public void Condition_ThatCouldLeaveThem_IsRefused(string sql) => Assert.NotNull(FilterExpression.FindFault(sql));
}
