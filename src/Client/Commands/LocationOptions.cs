using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>The options that say where a server stands and whose it is. One that is not given leaves what is there; an empty one takes it away.</summary>
internal sealed class LocationOptions
{
    private readonly Option<string?> country = Shell.Given<string?>("--country", "two letters");
    private readonly Option<string?> state = Shell.Given<string?>("--state", "name", "option.state.name");
    private readonly Option<string?> locality = Shell.Given<string?>("--locality", "name");
    private readonly Option<string?> organization = Shell.Given<string?>("--organization", "name");
    private readonly Option<string?> unit = Shell.Given<string?>("--unit", "name");

    public IEnumerable<Option> Options => [country, state, locality, organization, unit];

    public LocationView Over(Call call, LocationView present) => new()
    {
        Country = call.Value(country) ?? present.Country,
        State = call.Value(state) ?? present.State,
        Locality = call.Value(locality) ?? present.Locality,
        Organization = call.Value(organization) ?? present.Organization,
        OrganizationalUnit = call.Value(unit) ?? present.OrganizationalUnit,
    };
}
