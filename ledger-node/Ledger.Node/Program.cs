using System.CommandLine;
using Ledger.Node;
using Ledger.Node.Access;
using Ledger.Node.Demo;

var data = new Option<DirectoryInfo?>("--data") { Description = "data folder (demo: a new temporary one when left out)" };
var genesis = new Option<FileInfo>("--genesis") { Description = "genesis file; key files are looked for beside it", Required = true };
var passwordFile = new Option<FileInfo?>("--password-file") { Description = "file whose first line opens the key files (else a prompt)" };
var port = new Option<int?>("--port") { Description = $"port (default {NodeOptions.DefaultPort}; demo: the next free one)" };
var host = new Option<string>("--host") { Description = "address to listen on; beyond loopback it needs TLS, names and passes for reads", DefaultValueFactory = _ => NodeOptions.DefaultHost };
var invoices = new Option<DirectoryInfo?>("--invoices") { Description = "folder of 数电票 XML files (default: the project's own samples)" };
var suite = new Option<string>("--suite") { Description = "ES256 or SM2", DefaultValueFactory = _ => "ES256" };
var lang = new Option<string>("--lang") { Description = "language of the story: zh or en", DefaultValueFactory = _ => IsChinese() ? "zh" : "en" };
var exit = new Option<bool>("--exit") { Description = "end after the story instead of serving on; non-zero if a step failed" };
var bill = new Option<bool>("--bill") { Description = "the story of a bill instead of a receivable" };
var reads = new Option<string>("--reads") { Description = "signed: reads need a pass; open: whoever reaches the node reads everything, on loopback only", DefaultValueFactory = _ => "signed" };
var certificate = new Option<FileInfo?>("--tls-cert") { Description = "certificate, PEM or PKCS #12: the API then speaks HTTPS only" };
var certificateKey = new Option<FileInfo?>("--tls-key") { Description = "the certificate's private key, PEM" };
var certificatePassword = new Option<FileInfo?>("--tls-password-file") { Description = "file whose first line opens the certificate's key" };
var behindProxy = new Option<bool>("--behind-proxy") { Description = "plain HTTP: a proxy that speaks TLS stands in front, and nothing else reaches the port" };
var hostNames = new Option<string[]>("--host-name") { Description = "name that requests may call this node by (repeatable)", DefaultValueFactory = _ => [] };
reads.AcceptOnlyFromAmong("signed", "open");
suite.AcceptOnlyFromAmong("ES256", "SM2");
lang.AcceptOnlyFromAmong("zh", "en");

var run = new Command("run", "run a node on a data folder 运行节点") { data, genesis, passwordFile, host, port, reads, certificate, certificateKey, certificatePassword, behindProxy, hostNames };
run.SetAction((parsed, cancel) => parsed.GetValue(data) is not { } folder
    ? Usage("--data is required")
    : RunNode.RunAsync(
        new NodeOptions(folder.FullName, parsed.GetValue(host) ?? NodeOptions.DefaultHost, parsed.GetValue(port) ?? NodeOptions.DefaultPort, NextFreePort: false, NodeOptions.DefaultSegmentBytes)
        {
            Reads = parsed.GetValue(reads) == "open" ? Reads.Open : Reads.Signed,
            CertificatePath = parsed.GetValue(certificate)?.FullName,
            CertificateKeyPath = parsed.GetValue(certificateKey)?.FullName,
            CertificatePasswordFile = parsed.GetValue(certificatePassword)?.FullName,
            IsBehindProxy = parsed.GetValue(behindProxy),
            HostNames = parsed.GetValue(hostNames) ?? [],
        },
        parsed.GetRequiredValue(genesis).FullName, parsed.GetValue(passwordFile)?.FullName, cancel));

var demo = new Command("demo", "tell the story from an e-invoice to the last fen on a fresh node 演示") { data, invoices, suite, lang, bill, exit, host, port };
demo.SetAction((parsed, cancel) => DemoRun.RunAsync(
    new DemoOptions(
        parsed.GetValue(data)?.FullName, parsed.GetValue(invoices)?.FullName, parsed.GetValue(suite) ?? "ES256",
        parsed.GetValue(lang) == "zh" ? StoryLanguage.Zh : StoryLanguage.En, parsed.GetValue(bill), parsed.GetValue(exit),
        parsed.GetValue(host) ?? NodeOptions.DefaultHost, parsed.GetValue(port) ?? NodeOptions.DefaultPort),
    cancel));

var root = new RootCommand("ledger-node: a permissioned ledger for receivable certificates and bills 应收账款电子凭证与供应链票据账本节点") { run, demo };
var command = root.Parse(args);
if (command.Errors.Count > 0)
{
    foreach (var error in command.Errors) Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine("Try --help. 请用 --help 查看用法。");
    return ExitCode.Usage;
}

return await command.InvokeAsync();

static Task<int> Usage(string reason)
{
    Console.Error.WriteLine(reason);
    return Task.FromResult(ExitCode.Usage);
}

static bool IsChinese() => (Environment.GetEnvironmentVariable("LANG") ?? "").StartsWith("zh", StringComparison.OrdinalIgnoreCase);
