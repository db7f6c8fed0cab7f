using System.Text.Json;
using Ledger.Core.Chain;
using Ledger.Node.Web;

namespace Ledger.Tests.Web;

/// <summary>
/// The console in a real browser, over the demo's story: every page on a desk, on a phone and in the dark, as nobody and as each role; no error on
/// its console, nothing that a machine finds inaccessible, nothing that scrolls sideways. The pictures are kept under <c>artifacts/screenshots</c>.
/// </summary>
public sealed class BrowserTests(DemoToVisit demo) : IClassFixture<DemoToVisit>, IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("ledger-browser-").FullName;
    readonly List<object> visits = [];
    string address = "";

    string Data => demo.Data;

    public async ValueTask InitializeAsync()
    {
        if (ToolsMissing() is { } missing) JavaScript.Absent(missing);
        address = await demo.AddressAsync();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_page_is_whole_quiet_and_accessible_on_a_desk_on_a_phone_and_in_the_dark()
    {
        using var client = new HttpClient { BaseAddress = new(address) };
        var instrument = await IssuedAsync(client);
        (string Name, string Path)[] pages =
        [
            ("overview", "/"), ("todo", $"/todo?party={await FirstAsync(client, "/parties", "id")}"), ("instruments", "/instruments"), ("instrument", $"/instruments/{instrument}"),
            ("voucher", $"/voucher/{instrument}"), ("parties", "/parties"), ("party", $"/parties/{await FirstAsync(client, "/parties", "id")}"), ("offers", "/offers"),
            ("offer", $"/offers/{await FirstAsync(client, "/offers", "id")}"), ("financings", "/financings"), ("financing", $"/financings/{await FirstAsync(client, "/financings", "id")}"),
            ("documents", "/documents"), ("document", $"/documents/{await FirstAsync(client, "/documents", "id")}"), ("instrument-then", $"/instruments/{instrument}?height=12"),
            ("attempts", "/attempts"), ("statistics-by-month", "/statistics?metric=issued&by=month&then=coreEnterprise"), ("missing", "/nothing"), ("matches", "/matches"), ("statistics", "/statistics"), ("blocks", "/blocks"), ("block", "/blocks/3"),
            ("entry", $"/entries/{(await FirstAsync(client, "/attempts", "leaf")).Replace(",", "", StringComparison.Ordinal)}"), ("search", "/search?q=示例"), ("sign-in", "/sign-in"),
            ("sign", $"/sign?act=transfer&instrument={instrument}"), ("verify", "/verify"),
        ];
        foreach (var (name, path) in pages)
        {
            var status = name == "missing" ? 404 : 200;
            visits.Add(new { lane = "desk", name, path, status });
            visits.Add(new { lane = "phone", name = $"{name}-phone", path, width = 390, status });
            visits.Add(new { lane = "dark", name = $"{name}-dark-en", path, theme = "dark", language = "en", status });
        }

        visits.Add(new
        {
            name = "reader-chooses",
            path = "/statistics",
            steps = new object[] { new { choose = "#theme", value = "dark" }, new { click = "button[name=language]" }, new { expect = "h1", text = "Statistics" }, new { expect = "html[data-theme=dark] nav", text = "Overview" } },
        });
        visits.Add(new { name = "voucher-print", path = $"/voucher/{instrument}", print = true, width = 794 });
        foreach (var answer in await WalkAsync()) AssertWell(answer);
    }

    [Fact]
    public async Task Each_role_signs_in_with_its_own_key_and_a_supplier_signs_an_act()
    {
        using var client = new HttpClient { BaseAddress = new(address) };
        using var parties = JsonDocument.Parse(await client.GetStringAsync("/parties?format=json", TestContext.Current.CancellationToken));
        var rows = parties.RootElement.GetProperty("rows").EnumerateArray().ToDictionary(row => row.GetProperty("id").GetString() ?? "", row => row.GetProperty("name").GetString() ?? "");
        var core = rows.First(row => row.Value.Contains("集团", StringComparison.Ordinal)).Key;
        var supplier = rows.First(row => row.Value.Contains("精密", StringComparison.Ordinal)).Key;
        File.WriteAllText(Path.Combine(folder, "consent.txt"), "同意以凭证收款");

        foreach (var (party, name) in rows.Where(row => File.Exists(KeyFile(row.Key))))
        {
            visits.Add(new { lane = party, name = $"signed-in-{party}", path = "/sign-in", steps = SignIn(party, name) });
            visits.Add(new { lane = party, name = $"portfolio-{party}", path = $"/parties/{party}" });
            if (party == supplier)
            {
                visits.Add(new
                {
                    lane = party,
                    name = "signs-an-act",
                    path = "/sign?act=request",
                    steps = new object[]
                    {
                        new { expect = "#key-says", text = $"{party}#1" }, new { fill = "[name=obligor]", value = core }, new { fill = "[name=amount]", value = "16,409.02" },
                        new { expect = "#draft-says", text = "人民币壹万陆仟肆佰零玖元零贰分" }, new { fill = "[name=contractSigned]", value = "2027-06-01" },
                        new { file = "[name=supplierConsent]", path = Path.Combine(folder, "consent.txt") }, new { click = "#draft button[type=submit]" },
                        new { expect = "#says", text = "人民币壹万陆仟肆佰零玖元零贰分" }, new { click = "#sign-and-send" }, new { expect = "#answer", text = "账本已接受" },
                    },
                });
                visits.Add(new
                {
                    lane = party,
                    name = "hands-an-act-to-a-checker",
                    path = "/sign?act=withdraw",
                    steps = new object[]
                    {
                        new { expect = "#key-says", text = $"{party}#1" }, new { fill = "[name=offer]", value = "AAAAAAAAAAAAAAAAAAAAAQ" }, new { fill = "[name=secondSigner]", value = $"{party}#2" },
                        new { click = "#draft button[type=submit]" }, new { expect = "#says", text = $"{party}#2" }, new { save = "#sign-and-save", path = Path.Combine(folder, "to-check.json") },
                        new { expect = "#answer", text = "交给复核人" }, new { file = "#handed-over", path = Path.Combine(folder, "to-check.json") }, new { expect = "#says", text = "已签名" },
                        new { click = "#sign-and-save" }, new { expect = "#answer", text = "经办人不能复核自己的交易" },
                    },
                });
                visits.Add(new
                {
                    lane = party,
                    name = "is-refused-with-both-sentences",
                    path = "/sign?act=accept",
                    steps = new object[]
                    {
                        new { expect = "#key-says", text = $"{party}#1" }, new { fill = "[name=offer]", value = "AAAAAAAAAAAAAAAAAAAAAQ" }, new { click = "#draft button[type=submit]" },
                        new { expect = "#says", text = "签收要约" }, new { click = "#sign-and-send" }, new { expect = "#answer", text = "将被拒绝" },
                    },
                    status = 422,
                });
            }

            visits.Add(new { lane = party, name = $"signed-out-{party}", path = "/sign-out", steps = new object[] { new { click = "#sign-out button" }, new { wait = "**/sign-in" }, new { expect = "header", text = "登录" } } });
        }

        // A bank approves and the platform reviews it, each at its own desk; and a bank signs for a supplier that has no key.
        var (bank, agent) = (rows.Keys.First(), rows.Keys.Skip(1).First());
        var platform = rows.First(row => row.Value.Contains("平台", StringComparison.Ordinal)).Key;
        var keyless = rows.First(row => !File.Exists(KeyFile(row.Key)) && row.Value.Contains('丁', StringComparison.Ordinal)).Key;
        var toReview = Path.Combine(folder, "to-review.json");
        visits.Add(new { name = "bank-signs-in", path = "/sign-in", steps = SignIn(bank, rows[bank]) });
        visits.Add(new
        {
            name = "bank-approves",
            path = "/sign?act=approve",
            steps = new object[]
            {
                new { expect = "#key-says", text = $"{bank}#1" }, new { fill = "[name=financing]", value = "AAAAAAAAAAAAAAAAAAAAAQ" }, new { fill = "[name=reviewer]", value = platform },
                new { fill = "[name=secondSigner]", value = $"{platform}#1" }, new { click = "#draft button[type=submit]" }, new { expect = "#says", text = "承诺为融资" },
                new { save = "#sign-and-save", path = toReview }, new { expect = "#answer", text = "交给复核人" },
            },
        });
        visits.Add(new { name = "platform-signs-in", path = "/sign-in", steps = SignIn(platform, rows[platform]) });
        visits.Add(new
        {
            name = "platform-reviews",
            path = "/sign",
            steps = new object[]
            {
                new { expect = "#key-says", text = $"{platform}#1" }, new { file = "#handed-over", path = toReview }, new { expect = "#says", text = $"{bank}#1" },
                new { expect = "#says", text = "承诺为融资" }, new { click = "#sign-and-send" }, new { expect = "#answer", text = "将被拒绝" },
            },
            status = 422,
        });
        visits.Add(new { name = "agent-signs-in", path = "/sign-in", steps = SignIn(agent, rows[agent]) });
        visits.Add(new
        {
            name = "agent-signs-for-a-supplier",
            path = "/sign?act=accept",
            steps = new object[]
            {
                new { expect = "#key-says", text = $"{agent}#1" }, new { fill = "[name=offer]", value = "AAAAAAAAAAAAAAAAAAAAAQ" }, new { fill = "[name=onBehalfOf]", value = keyless },
                new { click = "#draft button[type=submit]" }, new { expect = "#says", text = $"依授权代 {rows[keyless]}" }, new { click = "#sign-and-send" }, new { expect = "#answer", text = "将被拒绝" },
            },
            status = 422,
        });
        foreach (var act in new[] { "attest", "disburse", "receipt", "presentBill" }) visits.Add(new { name = $"form-{act}", path = $"/sign?act={act}", steps = new object[] { new { expect = "#draft", text = "显示将签署的内容" } } });

        Assert.True(visits.Count > 12);
        foreach (var answer in await WalkAsync()) AssertWell(answer);
    }

    [Fact]
    public async Task The_verifying_page_works_from_disk_and_refuses_what_was_changed()
    {
        var page = Path.Combine(folder, "verify.html");
        File.WriteAllBytes(page, VerifyPage.Load().Bytes.ToArray());
        var receipt = Path.Combine(Data, "receipt.tlog-proof");
        var lines = File.ReadAllText(receipt).Split('\n');
        lines[1] = lines[1][..40] + (lines[1][40] == 'A' ? 'B' : 'A') + lines[1][41..];
        File.WriteAllText(Path.Combine(folder, "changed"), string.Join('\n', lines));
        var genesis = Path.Combine(Data, "chain", "genesis.json");

        object[] Steps(string file, string said) =>
            [new { file = "#receipt-file", path = file }, new { file = "#trust-file", path = genesis }, new { click = "#check" }, new { expect = "#result", text = said }];
        visits.Add(new { lane = "true", name = "verify-true", path = $"file://{page}?lang=zh", steps = Steps(receipt, "为真：核验通过") });
        visits.Add(new { lane = "true-en", name = "verify-true-en", path = $"file://{page}?lang=en", steps = Steps(receipt, "True: verified") });
        visits.Add(new { lane = "false", name = "verify-false", path = $"file://{page}?lang=zh", steps = Steps(Path.Combine(folder, "changed"), "为假") });
        visits.Add(new { lane = "nothing-to-trust", name = "verify-nothing-to-trust", path = $"file://{page}?lang=en", steps = new object[] { new { file = "#receipt-file", path = receipt }, new { click = "#check" }, new { expect = "#result", text = "Could not be checked" } } });

        // What the state holds, and that nothing was rewritten since the receipt.
        using var client = new HttpClient { BaseAddress = new(address) };
        var (state, between, other) = (Path.Combine(folder, "state-proof"), Path.Combine(folder, "consistency"), Path.Combine(folder, "denied"));
        File.WriteAllBytes(state, await client.GetByteArrayAsync($"/v1/instruments/{await IssuedAsync(client)}/proof", TestContext.Current.CancellationToken));
        Assert.True(TlogProof.TryParse(File.ReadAllBytes(receipt), out var older));
        File.WriteAllBytes(between, await client.GetByteArrayAsync($"/v1/consistency?from={older.Note.Checkpoint.Size}", TestContext.Current.CancellationToken));
        File.WriteAllText(other, File.ReadAllText(state).Replace("\nrecord 6 ", "\nowner 6 ", StringComparison.Ordinal));
        visits.Add(new { lane = "state", name = "verify-state", path = $"file://{page}?lang=zh", steps = (object[])[.. Steps(state, "为真：核验通过"), new { expect = "#result", text = "单位（最小货币单位）" }] });
        visits.Add(new { lane = "state-en", name = "verify-state-en", path = $"file://{page}?lang=en", steps = (object[])[.. Steps(state, "True: verified"), new { expect = "#result", text = "a proof speaks of its height alone" }] });
        visits.Add(new { lane = "state-false", name = "verify-state-false", path = $"file://{page}?lang=en", steps = Steps(other, "the file is no state proof (fault 4, line 3)") });
        visits.Add(new { lane = "older", name = "verify-consistency", path = $"file://{page}?lang=en", steps = (object[])[new { file = "#older-file", path = receipt }, .. Steps(between, "True: verified"), new { expect = "#result", text = "leaves of the newer history are the older one" }] });
        var cose = Path.Combine(folder, "cose");
        File.WriteAllBytes(cose, await client.GetByteArrayAsync($"/v1/receipts/{older.Index}/cose", TestContext.Current.CancellationToken));
        visits.Add(new { lane = "cose", name = "verify-cose", path = $"file://{page}?lang=zh", steps = (object[])[.. Steps(cose, "为真：核验通过"), new { expect = "#result", text = "COSE_Sign1" }] });
        visits.Add(new { lane = "no-older", name = "verify-consistency-alone", path = $"file://{page}?lang=zh", steps = Steps(between, "请选择较早的检查点") });
        visits.Add(new { lane = "from-node", name = "verify-from-node", path = "/verify?lang=zh#leaf=2", steps = new object[] { new { expect = "#result", text = "为真" }, new { expect = "#trust-says", text = "请核对链标识" } } });
        foreach (var answer in await WalkAsync()) AssertWell(answer);
    }

    object[] SignIn(string party, string name) =>
    [
        new { file = "#key-file", path = KeyFile(party) }, new { fill = "#key-password", value = File.ReadAllLines(Path.Combine(Data, "demo-keys", "password.txt"))[0] },
        new { click = "#unlock button" }, new { wait = "**/todo" }, new { expect = "main", text = name },
    ];

    string KeyFile(string party) => Path.Combine(Data, "demo-keys", $"{party}#1.key.json");

    static void AssertWell(JsonElement answer)
    {
        var name = answer.GetProperty("name").GetString();
        Assert.True(answer.GetProperty("failed").ValueKind == JsonValueKind.Null, $"{name}: {answer.GetProperty("failed")}");
        Assert.True(answer.GetProperty("errors").GetArrayLength() == 0, $"{name}: {answer.GetProperty("errors")}");
        Assert.False(answer.GetProperty("overflow").GetBoolean(), $"{name} scrolls sideways");
        if (answer.TryGetProperty("violations", out var violations)) Assert.True(violations.GetArrayLength() == 0, $"{name}: {violations}");
    }

    async Task<JsonElement[]> WalkAsync()
    {
        var screenshots = Path.Combine(JavaScript.Browser, "../../../../artifacts/screenshots");
        Directory.CreateDirectory(screenshots);
        var plan = JsonSerializer.Serialize(new { @base = address, chromium = Chromium, screenshots = Path.GetFullPath(screenshots), visits });
        using var answers = JsonDocument.Parse(await JavaScript.StartAsync(Path.Combine(JavaScript.Browser, "visit.mjs"), plan));
        Assert.Equal(visits.Count, answers.RootElement.GetArrayLength());
        return [.. answers.RootElement.EnumerateArray().Select(answer => answer.Clone())];
    }

    // What nobody holds yet has no voucher, and ids are drawn anew for each demo.
    static async Task<string> IssuedAsync(HttpClient client)
    {
        using var found = JsonDocument.Parse(await client.GetStringAsync("/instruments?format=json", TestContext.Current.CancellationToken));
        foreach (var id in found.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetString() ?? ""))
        {
            using var voucher = await client.GetAsync($"/voucher/{id}", TestContext.Current.CancellationToken);
            if (voucher.IsSuccessStatusCode) return id;
        }

        throw new InvalidOperationException("Nothing was issued.");
    }

    static async Task<string> FirstAsync(HttpClient client, string list, string key)
    {
        using var found = JsonDocument.Parse(await client.GetStringAsync($"{list}?format=json", TestContext.Current.CancellationToken));
        return found.RootElement.GetProperty("rows")[0].GetProperty(key).GetString() ?? "";
    }

    static string? Chromium { get; } = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser" }.FirstOrDefault(File.Exists);

    static string? ToolsMissing()
    {
        if (Chromium is null) return "chromium is not on this machine.";
        return Directory.Exists(Path.Combine(JavaScript.Browser, "node_modules", "playwright-core")) ? null : "npm ci has not been run in tests/Ledger.Tests/Web/browser.";
    }}
