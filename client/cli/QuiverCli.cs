using System.CommandLine;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;

namespace Quiver.Cli;

/// <summary>The <c>quiver</c> command line.</summary>
public static class QuiverCli
{
    // Values such as @home are texts to look for, not files with more options.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>Runs one command. Never throws: what goes wrong becomes a sentence on standard error and an exit code.</summary>
    /// <param name="args">The arguments without the executable.</param>
    /// <param name="environment">The world outside; its writers are flushed, not disposed.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> InvokeAsync(string[] args, CliEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(environment);
        var output = new CliOutput(environment, args.TakeWhile(word => word != "--").Contains(GlobalOptions.JsonName));
        var run = new CommandRun(environment, output);
        try
        {
            return await run.InvokeAsync(args, Parser).WaitAsync(environment.Interruption.Forced);
        }
        catch (OperationCanceledException) when (environment.Interruption.Forced.IsCancellationRequested)
        {
            output.Failure(CliErrorCodes.Interrupted, $"left at once.{(run.Farewell is { } farewell ? " " + farewell : "")}");
            return environment.Interruption.ExitCode;
        }
        catch (OperationCanceledException) when (environment.Interruption.IsRequested)
        {
            output.Failure(CliErrorCodes.Interrupted, "stopped before the work was done.");
            return environment.Interruption.ExitCode;
        }
        catch (QuiverException error)
        {
            output.Failure(error.Code, error.Message);
            if (error is { Code: ErrorCodes.Internal, InnerException: { } cause })
            {
                output.Note(run.Verbose ? cause.ToString() : $"{GlobalOptions.VerboseName} shows its cause.");
            }

            return ExitCodes.For(error);
        }
        catch (Exception error)
        {
            output.Failure(ErrorCodes.Internal, run.Verbose ? error.ToString() : error.Message);
            return ExitCodes.Failure;
        }
        finally
        {
            output.Flush();
        }
    }
}
