using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Quiver.Client.Http;

namespace Quiver.Cli.Parsing;

/// <summary>Describes in one sentence what is wrong with a command line.</summary>
internal static class UsageErrors
{
    /// <summary>The first error; null when there is none.</summary>
    public static string? Find(ParseResult parse, string[] args)
    {
        if (parse.Action is HelpAction)
        {
            return null;
        }

        if (UnknownOption(parse, args) is { } option)
        {
            return $"unknown option '{option}'; put -- before arguments that start with a dash.";
        }

        return parse.Errors.Count == 0 ? null : Describe(parse, parse.Errors[0]);
    }

    /// <summary>A command with its parents, such as <c>quiver jobs list</c>.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "quiver";

    private static string Describe(ParseResult parse, ParseError error)
    {
        var command = parse.CommandResult.Command;
        var isGroup = command is { Action: null, Subcommands.Count: > 0 };
        if (parse.UnmatchedTokens.Count > 0)
        {
            return $"'{ServerCredentials.HideIn(parse.UnmatchedTokens[0])}' is not {(isGroup ? "a command" : "expected")} here.";
        }

        if (isGroup && error.SymbolResult is CommandResult)
        {
            return $"name a command: {PathOf(command)} {string.Join('|', command.Subcommands.Select(child => child.Name))}.";
        }

        return error.SymbolResult is ArgumentResult { Parent: CommandResult, Tokens.Count: 0, Argument: var argument }
            ? $"{argument.Name} is missing: {argument.Description}"
            : error.Message;
    }

    // The parser treats an unknown option as an argument: a misspelled option would become a path.
    private static string? UnknownOption(ParseResult parse, string[] args)
    {
        var options = args.TakeWhile(word => word != "--").ToHashSet(StringComparer.Ordinal);
        return parse.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Concat(parse.UnmatchedTokens)
            .FirstOrDefault(word => word.Length > 1 && word[0] == '-' && options.Contains(word));
    }
}
