namespace Countersign.Server.Hosting;

internal static class Usage
{
    private const string Text = """
        countersignd <verb> [options]

          serve      run the server
          init       set up without a browser: countersignd init --from answers.json
          backup     write an encrypted copy of data and keys
          restore    bring a copy back
          version    print the version

        Options come from the command line, from a JSON file (--config file.json) or from the environment (COUNTERSIGN_DATA=…):

          --data <folder>           where everything is kept (./data)
          --database <text>         PostgreSQL connection string; without it, SQLite in the data folder
          --listen <address>        address to listen on (0.0.0.0)
          --https <port>            console and API (8443); 0 takes a free port
          --mtls <port>             HTTPS with client certificates (8444)
          --http <port>             plain HTTP for CRL, OCSP and CA certificates (8080)
          --local <port>            the API without TLS for programs on this machine; only on 127.0.0.1 (none)
          --base-address <url>      http:// address clients reach the plain port under; goes into certificates
          --console-address <url>   https:// address people reach the console under
          --lab-weak-imports true   laboratories only: import authorities with RSA keys from 1024 bits, marked as insecure
          --own-certificate false   keep listener.crt and listener.key of the data folder; do not issue one from the own CA
          --token-pin-file <file>   PIN of the PKCS#11 token that keeps signing keys; see docs/operations.md
          --limits:<name> <number>  see docs/operations.md
        """;

    internal static int Print()
    {
        Console.Out.WriteLine(Text);
        return 0;
    }

    internal static int PrintVersion()
    {
        Console.Out.WriteLine(typeof(Usage).Assembly.GetName().Version?.ToString(3));
        return 0;
    }

    internal static int UnknownVerb(string verb)
    {
        Console.Error.WriteLine($"countersignd does not know the verb '{verb}'. Next: countersignd help");
        return 2;
    }
}
