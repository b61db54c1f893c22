using System.CommandLine;
using Countersign.Client.Keys;
using Countersign.Contracts;
using Countersign.Pki.Pem;

namespace Countersign.Client.Commands;

/// <summary>The options of everything that is made for a slot: the fields of its form, or a request made on the appliance instead, and that warnings were read.</summary>
internal sealed class SlotFormOptions
{
    private static readonly string[] KeyTypes = ["rsa3072", "rsa2048", "rsa4096", "ecP256", "ecP384"];

    private readonly Option<string?> commonName = Shell.Given<string?>("--common-name", "name");
    private readonly Option<string[]> san = Shell.Given<string[]>("--san", "dns:name", "option.san.slot");
    private readonly Option<string?> keyType = Shell.ChoiceSaying("--key-type", "option.key-type", KeyTypes);
    private readonly LocationOptions location = new();
    private readonly Option<bool> acknowledge = Shell.Flag("--acknowledge");

    /// <summary>Null where the key has to be made by the server.</summary>
    private readonly Option<string?>? csr;

    public SlotFormOptions(bool withCsr)
    {
        csr = withCsr ? Shell.Given<string?>("--csr", "file") : null;
        Options = [commonName, san, keyType, .. location.Options, .. csr is null ? Array.Empty<Option>() : [csr], acknowledge];
    }

    public IEnumerable<Option> Options { get; }

    /// <summary>Something of it is on the command line.</summary>
    public bool IsGiven(Call call) => HasFields(call) || call.Value(acknowledge) || (csr is not null && call.Value(csr) is not null);

    /// <summary>The form as the server begins it, with what was given on the command line in its place.</summary>
    public async Task<GenerateForSlot> Read(Call call, CountersignClient client, string slotId, SlotMaking making, CancellationToken ct)
    {
        var sans = call.Value(san) ?? [];
        GivenNames.Sans(sans);
        if (csr is not null && call.Value(csr) is { } file)
        {
            if (HasFields(call))
            {
                throw new Stop(ExitCode.Usage, "form_with_csr");
            }

            return new GenerateForSlot { Make = making, Form = new SlotForm(), Csr = await ReadCsr(call, file, ct), Acknowledged = call.Value(acknowledge) };
        }

        var form = (await client.SlotForm(slotId, ct)).Form;
        var place = location.Over(call, Place(form));
        return new GenerateForSlot
        {
            Make = making,
            Form = form with
            {
                CommonName = call.Value(commonName) ?? form.CommonName,
                Country = place.Country,
                State = place.State,
                Locality = place.Locality,
                Organization = place.Organization,
                OrganizationalUnit = place.OrganizationalUnit,
                Sans = sans.Length > 0 ? sans : form.Sans,
                KeyType = call.Value(keyType) ?? form.KeyType,
            },
            Acknowledged = call.Value(acknowledge),
        };
    }

    private static async Task<string> ReadCsr(Call call, string file, CancellationToken ct)
    {
        var given = await InputFile.Csr(call.Surroundings, file, ct);
        return given.Contains("-----BEGIN ", StringComparison.Ordinal) ? given : PemFile.Write("CERTIFICATE REQUEST", Convert.FromBase64String(given));
    }

    private bool HasFields(Call call) =>
        call.Value(san) is { Length: > 0 } || call.Value(commonName) is not null || call.Value(keyType) is not null || location.Over(call, new LocationView()) != new LocationView();

    private static LocationView Place(SlotForm form) => new()
    {
        Country = form.Country,
        State = form.State,
        Locality = form.Locality,
        Organization = form.Organization,
        OrganizationalUnit = form.OrganizationalUnit,
    };
}
