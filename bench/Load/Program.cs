using Countersign.Load;

// What the shell of bench/run cannot do itself: many requests with keys of their own, OCSP requests, medians.
return args switch
{
    ["requests", var folder, var count] => Requests.Write(folder, int.Parse(count)),
    ["median", var file] => Medians.Print(file),
    ["one-each", var address, var body, var clients, var seconds] => OneEach.Run(new Uri(address), body, int.Parse(clients), int.Parse(seconds)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: countersign-load requests FOLDER COUNT | median FILE | one-each ADDRESS FILE CLIENTS SECONDS");
    return 2;
}
