using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Client.Documents;
using Ledger.Client.Pledges;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Suites.Oprf;
using Base64Url = Ledger.Core.Primitives.Base64Url;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger pledge</c>: tags of documents that are equal in every consortium, and the registry on an EVM chain where a consortium reserves them before it lends.</summary>
static class PledgeCommands
{
    public static Command Make(Shell shell) => Shell.Noun(
        "pledge", "联盟之间的质押登记：为背景材料生成标签，在 EVM 链上预留、登记融资、释放。", "Pledges between consortia: tags of documents, reserved, financed and released on an EVM chain.",
        Shell.Noun("key", "生成标签所用的密钥：由各行分持。", "The key under which tags are made, of which each bank has a share.", Deal(shell), Sum(shell), Open(shell), Show(shell)),
        Ask(shell), Send(shell), Evaluate(shell), Tag(shell), PledgeRegistryCommands.Deploy(shell), PledgeRegistryCommands.Status(shell), PledgeRegistryCommands.Reserve(shell), PledgeRegistryCommands.Finance(shell),
        PledgeAttestCommands.Look(shell), PledgeAttestCommands.Check(shell), PledgeAttestCommands.Attest(shell), PledgeRegistryCommands.Release(shell));

    static Command Deal(Shell shell)
    {
        var name = NameOption();
        var threshold = Options.Option<uint>("--threshold", "几家银行合作即可生成标签", "how many banks make a tag together", Options.TryParseWhole);
        var evaluators = Options.Texts("--evaluator", "持份额的银行：名称=密封公钥；可重复，顺序即编号", "a bank that is to have a share; may be repeated, and the order is their numbers", "NAME=PUBLICKEY", required: true);
        var output = Options.File("--out", "写入的文件，绝不覆盖；可公开", "file to write, never overwritten; anybody may have it");
        return shell.Command(
            "deal", "生成一份密钥并分发其份额，每份密封给一家银行；多家各自分发后合并，则任何一家都未曾持有整个密钥。",
            "Make a key and deal its shares out, each sealed to its bank. Where several deal and the dealings are summed, none of them ever had the key.", [name, threshold, evaluators, output], run =>
            {
                var to = run.Required(evaluators).Select(Recipient).ToArray();
                if (to.Length > SharedKey.MaxShares || run.Value(threshold) < 1 || run.Value(threshold) > to.Length)
                    throw StopException.Usage("门限须为 1 至银行数，银行至多 64 家。", "The threshold is from 1 to the number of banks, who are 64 at most.");
                PledgeDealing dealing;
                try
                {
                    dealing = PledgeDealing.Deal(run.Required(name), (int)run.Value(threshold), to);
                }
                catch (ArgumentException)
                {
                    throw StopException.Usage("有密封公钥不是 P-256 上的点。", "A sealing key is no point of P-256.");
                }

                if (!PledgeDealing.TryRead(dealing.Write(), out _)) throw StopException.Usage("名称须为 1 至 64 个字符，且互不相同。", "Names have 1 to 64 characters, and each stands once.");
                WriteNew(run.Required(output), dealing.Write());
                run.Output.Record(new("file", "文件", "file", run.Required(output)), new("shares", "份额", "shares", to.Length), new("threshold", "门限", "threshold", run.Value(threshold)));
                return ExitCode.Ok;
            }, "pledge key deal --name receivables --threshold 3 --evaluator north=BPubKeyOfNorth --evaluator south=BPubKeyOfSouth --evaluator east=BPubKeyOfEast --out dealing-north.json");
    }

    static Command Sum(Shell shell)
    {
        var name = NameOption();
        var dealings = DealingsOption();
        var askers = Options.Texts("--asker", "可请求的银行：名称=算法=签名公钥=每日次数；可重复", "a bank that may ask, with its key and how many tags it may have a day; may be repeated", "NAME=SUITE=PUBLICKEY=ADAY");
        var output = Options.File("--out", "写入的文件，绝不覆盖", "file to write, never overwritten");
        return shell.Command(
            "sum", "把各家的分发合并为一个密钥，并写明谁可请求；各行应得出同一编号。", "Sum the dealings into one key and say who may ask: all banks come to the same id.", [name, dealings, askers, output], run =>
            {
                var group = PledgeGroup.Of(run.Required(name), [.. run.Required(dealings).Select(path => Dealing(run, path))], [.. run.Required(askers).Select(Asker)])
                    ?? throw new StopException(ExitCode.Fault, "各份分发的银行、顺序或门限不同。", "The dealings are not of the same banks, in the same order, with one threshold.");
                if (!PledgeGroup.TryRead(group.Write(), out _)) throw StopException.Usage("名称重复或过长，或有公钥不属其算法。", "A name is too long or stands twice, or a key is none of its suite.");
                WriteNew(run.Required(output), group.Write());
                return Told(run, group);
            }, "pledge key sum --name receivables --dealing dealing-north.json --dealing dealing-south.json --asker north=ES256=BPubKeyOfNorth=500 --out pledge-key.json");
    }

    static Command Open(Shell shell)
    {
        var dealings = DealingsOption();
        var number = NumberOption();
        var sealing = Options.File("--sealing-key", "本行密封密钥的文件", "the file of the bank's sealing key");
        var sealingPassword = Options.TextOption("--sealing-password-file", "该文件的密码文件；省略时询问", "its password's file; asked for when left out", value: "FILE");
        var output = Options.File("--out", "写入本行份额的密钥文件，绝不覆盖", "key file for the bank's share; never overwritten");
        var password = Options.PasswordFile();
        return shell.Command(
            "open", "打开密封给本行的份额，逐份与分发者的承诺核对，合并后写入密钥文件。", "Open the shares that were sealed to the bank, hold each against its dealer's commitments, and keep their sum in a key file.",
            [dealings, number, sealing, sealingPassword, output, password], run =>
            {
                using var opener = Passwords.Open<SealingKey>(run, run.Required(sealing), run.Value(sealingPassword));
                GroupScalar? sum = null;
                foreach (var path in run.Required(dealings))
                {
                    var share = Dealing(run, path).Open((int)run.Value(number), opener) ?? throw new StopException(
                        ExitCode.VerificationFalse, $"{path}：没有密封给本行的第 {run.Value(number)} 份额，或与承诺不符；须由其分发者重新分发。",
                        $"{path}: no share number {run.Value(number)} is sealed to this key, or it is not what was committed to; its dealer must deal anew.");
                    if (sum is null) sum = share;
                    else if (!sum.TryAdd(share, out sum)) throw new StopException(ExitCode.Fault, "各份额相加为零，须重新分发。", "The shares come to nothing; one must deal anew.");
                }

                using var key = PledgeShareKey.Of(sum ?? throw StopException.Usage("请至少给出一个 --dealing。", "Give one --dealing at least."));
                KeyCommands.Write(KeyFile.Lock(key, string.Create(CultureInfo.InvariantCulture, $"pledge#{run.Value(number)}"), Passwords.New(run, password), KeyFile.RecommendedIterations), run.Required(output));
                run.Output.Record(new("publicKey", "公钥", "public key", key.PublicKey.ToString()), new("file", "文件", "file", run.Required(output)));
                return ExitCode.Ok;
            }, "pledge key open --dealing dealing-north.json --dealing dealing-south.json --number 1 --sealing-key sealing.key.json --out pledge-share.key.json");
    }

    static Command Show(Shell shell)
    {
        var path = Options.Text("FILE", "标签密钥文件（ledger pledge key sum）", "the key's file (ledger pledge key sum)");
        return shell.Command("show", "显示一个标签密钥的公开部分。", "Show what is public of a key.", [path], run => Told(run, Group(run, run.Value(path))), "pledge key show pledge-key.json");
    }

    static Command Ask(Shell shell)
    {
        var group = GroupOption();
        var openings = Options.Texts("--opening", "背景材料的开启文件；可重复", "a document's opening; may be repeated", "FILE", required: true);
        var asker = Options.TextOption("--asker", "本行在密钥文件中的名称", "the bank's name in the key's file", required: true, value: "NAME");
        var signing = Options.File("--signing-key", "本行的签名密钥文件", "the bank's signing key");
        var password = Options.PasswordFile();
        var output = Options.File("--out", "写入请求，绝不覆盖；发给各持份额的银行", "file for the ask, never overwritten; it goes to the evaluators");
        var secret = Options.File("--secret", "写入盲化因子，绝不覆盖；只留在本行", "file for the blinds, never overwritten; it stays with the bank");
        return shell.Command(
            "ask", "把背景材料盲化为请求：持份额的银行据此计算，但看不到任何内容。", "Blind documents into an ask: the evaluators compute with it and see nothing of them.", [group, openings, asker, signing, password, output, secret], run =>
            {
                var names = run.Required(openings).SelectMany(path => Opening(run, path).PledgeNames()).Distinct().ToArray();
                if (names.Length > Voprf.MaxElements) throw StopException.Usage("一次至多 64 个标签。", "An ask is for 64 tags at most.");
                using var key = Passwords.Open<SigningKey>(run, run.Required(signing), run.Setting(Setting.PasswordFile, run.Value(password)).Value);
                var asking = PledgeAsking.Of(Group(run, run.Required(group)), names);
                var ask = PledgeAsk.Of(asking, run.Required(asker) ?? "", key);
                if (ask.Fault(Group(run, run.Required(group))) is { } fault) throw Faulty(run.Required(group), fault);
                GenesisCommands.WriteSecret(run.Required(secret), Encoding.ASCII.GetString(asking.Write()));
                WriteNew(run.Required(output), ask.Write());
                run.Output.Record(new("ask", "请求", "ask", ask.Id), new("tags", "标签数", "tags", names.Length), new("file", "文件", "file", run.Required(output)));
                return ExitCode.Ok;
            }, "pledge ask --group pledge-key.json --opening opening.json --asker north --signing-key north.key.json --out ask.json --secret ask.secret");
    }

    static Command Send(Shell shell)
    {
        var path = Options.Text("FILE", "请求文件（ledger pledge ask）", "the ask (ledger pledge ask)");
        var node = Node.Option();
        var output = Options.OutFile();
        return shell.Command("send", "把请求发给一家持份额银行的节点，取回答复。", "Send an ask to an evaluator's node, and keep its answer.", [path, node, output], async (run, cancel) =>
        {
            if (!PledgeAsk.TryRead(run.Read(run.Value(path)), out var ask)) throw NoAsk(run.Value(path));
            var answer = await Node.Open(run, node).EvaluatePledgeAsync(ask.Write(), cancel);
            if (!PledgeAnswer.TryRead(answer, out var read) || read.Ask != ask.Id) throw new StopException(ExitCode.CouldNotCheck, "节点的答复不是此请求的答复。", "What the node answered is no answer to this ask.");
            run.WriteExact(read.Write(), run.Value(output));
            return ExitCode.Ok;
        }, "pledge send ask.json --node https://south.example:7301/ --out answer-2.json");
    }

    static Command Evaluate(Shell shell)
    {
        var path = Options.Text("FILE", "请求文件（ledger pledge ask）", "the ask (ledger pledge ask)");
        var group = GroupOption();
        var share = Options.File("--share", "本行份额的密钥文件（ledger pledge key open）", "the key file of the bank's share (ledger pledge key open)");
        var password = Options.PasswordFile();
        var output = Options.OutFile();
        return shell.Command(
            "evaluate", "以本行份额答复一份请求，附零知识证明；请求者与数量由人过目。", "Answer an ask with the bank's share and a proof of it; who asks, and for how much, is shown to whoever runs it.", [path, group, share, password, output], run =>
            {
                var known = Group(run, run.Required(group));
                if (!PledgeAsk.TryRead(run.Read(run.Value(path)), out var ask)) throw NoAsk(run.Value(path));
                if (ask.Fault(known) is { } fault) throw Faulty(run.Value(path), fault);
                using var key = Passwords.Open<PledgeShareKey>(run, run.Required(share), run.Setting(Setting.PasswordFile, run.Value(password)).Value);
                var number = Enumerable.Range(1, known.Evaluators.Count).FirstOrDefault(one => known.Key().HasShare(one, key.Share));
                if (number == 0) throw new StopException(ExitCode.Fault, "该份额不属于此密钥。", "The share is none of this key.");
                run.Output.Message($"{ask.Asker} 请求 {ask.Elements.Count} 个标签。", $"{ask.Asker} asks for tags: {ask.Elements.Count}");
                run.WriteExact(ask.Answer(number, key).Write(), run.Value(output));
                return ExitCode.Ok;
            }, "pledge evaluate ask.json --group pledge-key.json --share pledge-share.key.json --out answer-1.json");
    }

    static Command Tag(Shell shell)
    {
        var openings = Options.Texts("--opening", "背景材料的开启文件；可重复；与 --shared-key 同用", "a document's opening; may be repeated; with --shared-key", "FILE");
        var sharedKey = Options.TextOption("--shared-key", "相互信任的登记方共用的密钥文件；不存在则生成", "the file of the one secret of registries that trust each other; made where it is not there", value: "FILE");
        var group = Options.TextOption("--group", "标签密钥文件", "the key's file", value: "FILE");
        var secret = Options.TextOption("--secret", "请求时写下的盲化因子", "the blinds, as they were kept when it was asked", value: "FILE");
        var answers = Options.Texts("--answer", "持份额银行的答复；可重复", "an evaluator's answer; may be repeated", "FILE");
        return shell.Command(
            "tag", "得出标签：由达到门限的答复合并，或以共用密钥直接计算。", "Come to the tags: out of a threshold of answers, or under a shared secret.", [openings, sharedKey, group, secret, answers], run =>
            {
                if (run.Value(sharedKey) is { } path)
                {
                    if (run.Required(openings).Length == 0) throw StopException.Usage("请用 --opening 给出背景材料。", "Give the documents with --opening.");
                    Print(run, new SharedTags(Secret(run, path)), run.Required(openings).SelectMany(file => Opening(run, file).PledgeNames()));
                    return ExitCode.Ok;
                }

                if (run.Value(group) is not { } groupFile || run.Value(secret) is not { } secretFile)
                    throw StopException.Usage("请给出 --shared-key，或 --group、--secret 与各 --answer。", "Give --shared-key, or --group, --secret and the answers.");
                if (!PledgeAsking.TryRead(run.ReadSecret(secretFile), out var asking)) throw new StopException(ExitCode.Fault, $"{secretFile} 不是请求的盲化因子。", $"{secretFile} has no blinds of an ask.");
                var (known, files) = (Group(run, groupFile), run.Required(answers));
                var made = ThresholdTags.Of(known, asking, [.. files.Select(file => Answer(run, file))], out var faults);
                foreach (var (place, fault) in faults) run.Output.Message($"{files[place]} 不予采用：{Says(fault).Chinese}", $"{files[place]} is left out: {Says(fault).English}");
                if (made is null)
                    throw new StopException(ExitCode.CouldNotCheck, $"可用的答复不足 {known.Key().Threshold} 份。", $"Fewer than {known.Key().Threshold} answers are good.");
                Print(run, made, asking.Names.Select(static one => ByteString.TryParse(one.Name, out var name) ? name : default));
                return ExitCode.Ok;
            }, "pledge tag --group pledge-key.json --secret ask.secret --answer answer-1.json --answer answer-2.json --answer answer-3.json", "pledge tag --shared-key shared.key --opening opening.json");
    }

    static void Print(Run run, ITagMaker maker, IEnumerable<ByteString> names)
    {
        var kind = maker.Kind == TagKind.Shared ? run.Output.Say("共用密钥：各登记方均可试出", "shared secret: every registry can try") : run.Output.Say("门限密钥", "threshold key");
        run.Output.Table(
            [new("document", "背景材料", "document", null), new("tag", "标签", "tag", null), new("kind", "方式", "made under", null)],
            names.Select(name => (IReadOnlyList<JsonNode?>)[string.Join(' ', Encoding.UTF8.GetString(name.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)), maker.TagOf(name)?.ToString(), kind]));
    }

    static int Told(Run run, PledgeGroup group)
    {
        run.Output.Record(
            new("name", "名称", "name", group.Name), new("id", "编号", "id", group.Id().ToString()), new("publicKey", "公钥", "public key", group.Commitments[0]), new("threshold", "门限", "threshold", group.Commitments.Count),
            new("evaluators", "持份额的银行", "evaluators", new JsonArray([.. group.Evaluators.Select(static one => (JsonNode)one)])), new("askers", "可请求的银行", "askers", new JsonArray([.. group.Askers.Select(static one => (JsonNode)one.Name)])));
        return ExitCode.Ok;
    }

    static (string Chinese, string English) Says(PledgeFault fault) => fault switch
    {
        PledgeFault.OtherKey => ("属于另一密钥", "it is of another key"),
        PledgeFault.AskerUnknown => ("请求者不在名单中", "nobody of this name may ask"),
        PledgeFault.SignatureFalse => ("请求者的签名不符", "the asker did not sign it"),
        PledgeFault.OtherAsk => ("答复的是另一请求", "it answers another ask"),
        PledgeFault.NumberWrong => ("编号不存在或重复", "its number is no share's, or stands twice"),
        PledgeFault.ProofFalse => ("证明不成立：未以其份额计算", "its proof does not hold: it was not made with that share"),
    };

    static StopException Faulty(string path, PledgeFault fault) => new(ExitCode.Refused, $"{path}：{Says(fault).Chinese}。", $"{path}: {Says(fault).English}.");

    static StopException NoAsk(string path) => new(ExitCode.Fault, $"{path} 不是请求文件。", $"{path} is no ask.");

    static PledgeAnswer Answer(Run run, string path) =>
        PledgeAnswer.TryRead(run.Read(path), out var answer) ? answer : throw new StopException(ExitCode.Fault, $"{path} 不是答复。", $"{path} is no answer.");

    static PledgeDealing Dealing(Run run, string path) =>
        PledgeDealing.TryRead(run.Read(path), out var dealing) ? dealing : throw new StopException(ExitCode.Fault, $"{path} 不是密钥的分发。", $"{path} is no dealing of a key.");

    static PledgeGroup Group(Run run, string path) =>
        PledgeGroup.TryRead(run.Read(path), out var group) ? group : throw new StopException(ExitCode.Fault, $"{path} 不是标签密钥文件。", $"{path} is no pledge key's file.");

    static DocumentOpening Opening(Run run, string path) =>
        DocumentOpening.TryReadJson(run.Read(path), out var opening) ? opening : throw new StopException(ExitCode.Fault, $"{path} 不是背景材料的开启文件。", $"{path} is no document's opening.");

    static byte[] Secret(Run run, string path)
    {
        if (!File.Exists(path)) GenesisCommands.WriteSecret(path, Base64Url.Encode(RandomNumberGenerator.GetBytes(SharedTags.SecretSize)) + "\n");
        return Base64Url.TryDecode(Encoding.ASCII.GetString(run.ReadSecret(path)).TrimEnd('\n'), out var secret) && secret.Length == SharedTags.SecretSize
            ? secret
            : throw new StopException(ExitCode.Fault, $"{path} 不是共用密钥文件。", $"{path} is no shared secret's file.");
    }

    static (string Evaluator, ByteString SealingKey) Recipient(string text)
    {
        var mark = text.IndexOf('=', StringComparison.Ordinal);
        return mark > 0 && ByteString.TryParse(text.AsSpan(mark + 1), out var key) ? (text[..mark], key) : throw StopException.Usage($"“{text}”应写作 名称=密封公钥。", $"'{text}' should be NAME=PUBLICKEY, a sealing key.");
    }

    static PledgeAsker Asker(string text) =>
        text.Split('=') is [var name, var suite, var key, var most] && int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var aDay) && aDay > 0
            ? new(name, suite, key, aDay)
            : throw StopException.Usage($"“{text}”应写作 名称=算法=公钥=每日次数。", $"'{text}' should be NAME=SUITE=PUBLICKEY=ADAY.");

    internal static void WriteNew(string path, byte[] octets)
    {
        using var file = new FileStream(path, FileMode.CreateNew);
        file.Write(octets);
    }

    static Option<string> NameOption() => Options.File("--name", "密钥的名称", "the key's name", value: "NAME");

    static Option<string> GroupOption() => Options.File("--group", "标签密钥文件（ledger pledge key sum）", "the key's file (ledger pledge key sum)");

    static Option<string[]> DealingsOption() => Options.Texts("--dealing", "一家的分发（ledger pledge key deal）；可重复", "one dealer's dealing (ledger pledge key deal); may be repeated", "FILE", required: true);

    static Option<uint> NumberOption() => Options.Option<uint>("--number", "本行份额的编号，从 1 起", "the number of the bank's share, from 1", Options.TryParseWhole);
}
