using System.CommandLine;
using System.CommandLine.Help;
using Countersign.Client.Commands;

namespace Countersign.Client;

/// <summary>All verbs, by noun.</summary>
internal static class CommandTree
{
    public static RootCommand Build(Shell shell)
    {
        var root = new RootCommand(Text.Of("root"));
        root.Options.Add(shell.Json);
        root.Options.Add(shell.ProfileFile);
        root.Options.Remove(root.Options.OfType<VersionOption>().Single());
        root.Options.OfType<HelpOption>().Single().Aliases.Remove("/?");
        root.Options.OfType<HelpOption>().Single().Aliases.Remove("/h");
        root.Subcommands.Add(Login.Build(shell));
        root.Subcommands.Add(Noun(
            "request", RequestSubmit.Build(shell), RequestList.Build(shell), RequestShow.Build(shell), RequestApprove.Build(shell), RequestReject.Build(shell), RequestWait.Build(shell)));
        root.Subcommands.Add(Noun(
            "certificate", CertificateList.Build(shell), CertificateShow.Build(shell), CertificateDownload.Build(shell), CertificateRevoke.Build(shell)));
        root.Subcommands.Add(Noun(
            "authority", AuthorityShow.Build(shell), AuthorityDownload.Build(shell), AuthorityCreate.Build(shell), AuthorityImport.Build(shell), AuthorityActivate.Build(shell),
            AuthorityRollover.Build(shell), AuthorityRetire.Build(shell), AuthoritySignLists.Build(shell)));
        root.Subcommands.Add(Noun("node", NodeList.Build(shell), NodeShow.Build(shell), NodeAdd.Build(shell), NodeChange.Build(shell), NodeRemove.Build(shell)));
        root.Subcommands.Add(Noun("cluster", ClusterList.Build(shell), ClusterAdd.Build(shell), ClusterDissolve.Build(shell)));
        root.Subcommands.Add(Noun("zone", ZoneList.Build(shell), ZoneAdd.Build(shell)));
        root.Subcommands.Add(Noun(
            "slot", SlotShow.Build(shell), SlotFormShow.Build(shell), SlotGenerate.Build(shell), SlotRequestMake.Build(shell), SlotSelfSign.Build(shell), SlotOrderSheet.Build(shell),
            SlotImport.Build(shell), SlotActivate.Build(shell), SlotDownload.Build(shell), SlotNames.Build(shell), SlotHistory.Build(shell)));
        root.Subcommands.Add(Noun("profile", ProfileList.Build(shell), ProfileShow.Build(shell), ProfileSave.Build(shell)));
        root.Subcommands.Add(Noun("audit", AuditExport.Build(shell), AuditVerify.Build(shell)));
        root.Subcommands.Add(Noun("event", EventList.Build(shell), EventAcknowledge.Build(shell)));
        root.Subcommands.Add(Noun(
            "alert", AlertList.Build(shell), AlertCreate.Build(shell), AlertRemove.Build(shell), AlertTry.Build(shell), AlertMute.Build(shell), AlertMail.Build(shell)));
        root.Subcommands.Add(Noun("token", TokenCreate.Build(shell), TokenList.Build(shell), TokenRevoke.Build(shell)));
        root.Subcommands.Add(Noun(
            "enrolment",
            Noun("enrolment code", EnrolmentCodeCreate.Build(shell), EnrolmentCodeList.Build(shell), EnrolmentCodeRevoke.Build(shell)),
            Noun("enrolment account", EnrolmentAccountCreate.Build(shell), EnrolmentAccountList.Build(shell), EnrolmentAccountDisable.Build(shell))));
        root.Subcommands.Add(Check.Build(shell));
        root.Subcommands.Add(Noun(
            "bundle", BundleSort.Build(shell), BundleList.Build(shell), BundleShow.Build(shell), BundleConvert.Build(shell), BundleMatch.Build(shell)));
        root.Subcommands.Add(Commands.Version.Build(shell));
        root.Subcommands.Add(Completion.Build(shell));
        return root;
    }

    /// <summary>The words a person types for a command: "countersign request approve".</summary>
    public static string Path(Command command)
    {
        var words = new List<string>();
        for (Command? c = command; c is not (null or RootCommand); c = c.Parents.OfType<Command>().FirstOrDefault())
        {
            words.Insert(0, c.Name);
        }
        words.Insert(0, "countersign");
        return string.Join(' ', words);
    }

    private static Command Noun(string path, params Command[] verbs)
    {
        var noun = new Command(path[(path.LastIndexOf(' ') + 1)..], Text.Of("noun." + path.Replace(' ', '.')));
        foreach (var verb in verbs)
        {
            noun.Subcommands.Add(verb);
        }
        return noun;
    }
}
