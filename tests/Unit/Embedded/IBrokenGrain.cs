namespace Quiver.Tests.Unit.Embedded;

internal interface IBrokenGrain : Orleans.IGrainWithStringKey
{
    Task NothingAsync();
}
