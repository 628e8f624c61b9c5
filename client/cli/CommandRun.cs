using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;

namespace Quiver.Cli;

/// <summary>Parses a command line and runs what it names.</summary>
internal sealed class CommandRun(CliEnvironment environment, CliOutput output)
{
    private readonly GlobalOptions _globals = new();
    private CommandContext? _context;

    /// <summary>What to say when the command is left at once; null for nothing.</summary>
    public string? Farewell => _context?.FarewellWhenForced;

    /// <summary>Whether the command was to be verbose.</summary>
    public bool Verbose => _context?.Verbose == true;

    /// <summary>Parses and runs.</summary>
    /// <returns>An exit code.</returns>
    public async Task<int> InvokeAsync(string[] args, ParserConfiguration parser)
    {
        var root = CommandTree.Build(_globals, [.. args], RunAsync);
        var parse = root.Parse(args.Length == 0 ? ["--help"] : args, parser);
        if (UsageErrors.Find(parse, args) is { } error)
        {
            output.Failure(CliErrorCodes.InvalidUsage, error);
            output.Note($"see: {CommandTree.PathOf(parse.CommandResult.Command)} --help");
            return ExitCodes.Usage;
        }

        return await parse.InvokeAsync(
            new() { Output = environment.Out, Error = environment.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
            environment.Interruption.Requested);
    }

    private Task<int> RunAsync(CliCommand command, ParseResult parse)
    {
        _context = new CommandContext(environment, parse, _globals, output);
        return command.RunAsync(_context);
    }
}
