using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;

namespace Quiver.Cli.Commands;

/// <summary>The <c>quiver</c> command line.</summary>
public static class QuiverCli
{
    // A value such as @home is text, not the name of a file with more arguments.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>Runs one command. Never throws: every failure becomes a sentence on standard error and an exit code.</summary>
    /// <param name="args">The arguments without the executable.</param>
    /// <param name="environment">The environment; its writers are flushed, not disposed.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> InvokeAsync(string[] args, CliEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(environment);
        var output = new CliOutput(environment.Out, environment.Error, args.TakeWhile(word => word != "--").Contains(GlobalOptions.JsonName), environment.EmphasizesOutput);
        CommandContext? context = null;
        try
        {
            return await RunAsync().WaitAsync(environment.Interruption.Forced);
        }
        catch (OperationCanceledException) when (environment.Interruption.Forced.IsCancellationRequested)
        {
            output.Failure(CliErrorCodes.Interrupted, $"aborted.{(context?.AbortNote is { } note ? " " + note : "")}");
            return environment.Interruption.ExitCode;
        }
        catch (OperationCanceledException) when (environment.Interruption.IsRequested)
        {
            output.Failure(CliErrorCodes.Interrupted, "stopped before the work was done.");
            return environment.Interruption.ExitCode;
        }
        catch (QuiverException exception)
        {
            output.Failure(exception.Code, exception.Message);
            if (exception is { Code: ErrorCodes.Internal, InnerException: { } cause })
            {
                if (context?.Verbose == true)
                {
                    output.Cause(cause);
                }
                else
                {
                    output.Note($"{GlobalOptions.VerboseName} shows the cause.");
                }
            }

            return ExitCodes.For(exception);
        }
        catch (Exception exception)
        {
            output.Failure(ErrorCodes.Internal, context?.Verbose == true ? exception.ToString() : exception.Message);
            return ExitCodes.Failure;
        }
        finally
        {
            output.Flush();
        }

        async Task<int> RunAsync()
        {
            var globals = new GlobalOptions();
            var root = CommandTree.Build(globals, [.. args], (command, parsed) => command.RunAsync(context = new(environment, parsed, globals, output)));
            var parse = root.Parse(args.Length == 0 ? ["--help"] : args, Parser);
            if (UsageErrors.Find(parse, args) is { } error)
            {
                output.Failure(CliErrorCodes.InvalidUsage, error);
                output.Note($"see: {UsageErrors.PathOf(parse.CommandResult.Command)} --help");
                return ExitCodes.Usage;
            }

            return await parse.InvokeAsync(
                new() { Output = environment.Out, Error = environment.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                environment.Interruption.Requested);
        }
    }
}
