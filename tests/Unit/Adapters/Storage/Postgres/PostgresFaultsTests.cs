using System.Net.Sockets;
using Npgsql;
using Quiver.Adapters.Sources.Postgres;
using Quiver.Adapters.Storage.Postgres;

namespace Quiver.Tests.Unit.Adapters.Storage.Postgres;

public sealed class PostgresFaultsTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.SerializationFailure)]
    [InlineData(PostgresErrorCodes.DeadlockDetected)]
    [InlineData(PostgresErrorCodes.AdminShutdown)]
    [InlineData(PostgresErrorCodes.CrashShutdown)]
    [InlineData(PostgresErrorCodes.CannotConnectNow)]
    [InlineData(PostgresErrorCodes.TooManyConnections)]
    [InlineData(PostgresErrorCodes.OutOfMemory)]
    [InlineData(PostgresErrorCodes.LockNotAvailable)]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction)]
    [InlineData(PostgresErrorCodes.ConnectionFailure)]
    [InlineData(PostgresErrorCodes.IoError)]
    public void Storage_FaultThatGoesByItself_IsTransient(string state)
    {
        var fault = PostgresFaults.Classify(Refusal(state), "postgres://here/db");

        Assert.Equal((FaultKind.Transient, ErrorCodes.StorageUnavailable), (fault.Kind, fault.Code));
        Assert.Contains("postgres://here/db", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PostgresErrorCodes.UndefinedTable)]
    [InlineData(PostgresErrorCodes.InvalidPassword)]
    [InlineData(PostgresErrorCodes.InvalidCatalogName)]
    [InlineData(PostgresErrorCodes.InsufficientPrivilege)]
    [InlineData(PostgresErrorCodes.UniqueViolation)]
    public void Storage_FaultThatStays_IsPermanent(string state)
    {
        var fault = PostgresFaults.Classify(Refusal(state), "postgres://here/db");

        Assert.Equal((FaultKind.Permanent, ErrorCodes.StorageUnavailable), (fault.Kind, fault.Code));
    }

    [Fact]
    public void Storage_FullDisk_StopsTheJobUntilThereIsRoom()
    {
        var fault = PostgresFaults.Classify(Refusal(PostgresErrorCodes.DiskFull), "postgres://here/db");

        Assert.Equal((FaultKind.Permanent, ErrorCodes.StorageFull), (fault.Kind, fault.Code));
    }

    public static TheoryData<Exception, string> LostWays => new()
    {
        { new NpgsqlException("lost", new IOException("reset")), ErrorCodes.StorageUnavailable },
        { new NpgsqlException("refused", new SocketException((int)SocketError.ConnectionRefused)), ErrorCodes.StorageUnavailable },
        { new SocketException((int)SocketError.HostNotFound), ErrorCodes.StorageUnavailable },
        { new NpgsqlException("slow", new TimeoutException()), ErrorCodes.Timeout },
        { new TimeoutException(), ErrorCodes.Timeout },
        { Refusal(PostgresErrorCodes.QueryCanceled), ErrorCodes.Timeout },
    };

    [Theory]
    [MemberData(nameof(LostWays))]
    public void Storage_WayThatIsLost_IsTransient(Exception error, string code)
    {
        Assert.True(PostgresFaults.IsOne(error));

        var fault = PostgresFaults.Classify(error, "postgres://here/db");

        Assert.Equal((FaultKind.Transient, code), (fault.Kind, fault.Code));
    }

    [Theory]
    [InlineData(PostgresErrorCodes.TooManyConnections, FaultKind.Transient, ErrorCodes.SourceUnavailable)]
    [InlineData(PostgresErrorCodes.InvalidPassword, FaultKind.InvalidInput, ErrorCodes.SourceDenied)]
    [InlineData(PostgresErrorCodes.UndefinedColumn, FaultKind.InvalidInput, ErrorCodes.InvalidOption)]
    [InlineData(PostgresErrorCodes.UniqueViolation, FaultKind.Permanent, ErrorCodes.SourceUnavailable)]
    public void Source_Refusal_MeansWhatItMeant(string state, FaultKind kind, string code)
    {
        var fault = PostgresSourceFaults.Classify(Refusal(state), "postgres://here/db");

        Assert.Equal((kind, code), (fault.Kind, fault.Code));
    }

    private static PostgresException Refusal(string state) => new("said so", "ERROR", "ERROR", state);
}
