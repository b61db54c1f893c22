using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>The options that name an authority field by field.</summary>
internal sealed class AuthorityName
{
    private readonly Option<string?> country = Shell.Given<string?>("--country", "two letters");
    private readonly Option<string?> state = Shell.Given<string?>("--state", "name", "option.state.name");
    private readonly Option<string?> locality = Shell.Given<string?>("--locality", "name");
    private readonly Option<string?> organization = Shell.Given<string?>("--organization", "name");
    private readonly Option<string?> unit = Shell.Given<string?>("--unit", "name");
    private readonly Option<string?> commonName = Shell.Given<string?>("--cn", "name");
    private readonly Option<string?> email = Shell.Given<string?>("--email", "address");

    public IEnumerable<Option> Options => [country, state, locality, organization, unit, commonName, email];

    public NameInput? Read(Call call)
    {
        var name = new NameInput
        {
            Country = call.Value(country),
            State = call.Value(state),
            Locality = call.Value(locality),
            Organization = call.Value(organization),
            OrganizationalUnit = call.Value(unit),
            CommonName = call.Value(commonName),
            Email = call.Value(email),
        };
        return name == new NameInput() ? null : name;
    }
}
