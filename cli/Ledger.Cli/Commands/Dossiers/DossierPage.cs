using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Client.Text;
using Ledger.Core.Chain;

namespace Ledger.Cli.Commands.Dossiers;

/// <summary>What people read of a dossier, in both languages: the page, and how to check all of it without this program.</summary>
sealed class DossierPage(Run run, Trust trust, string kind, string id, IReadOnlyList<TlogProof> entries, StateProofFile? state, int notShown)
{
    const string Style = "body{font:15px/1.5 system-ui,sans-serif;max-width:75em;margin:2em auto;padding:0 1em}section{border-top:1px solid #999;padding:.5em 0}.two{display:grid;grid-template-columns:1fr 1fr;gap:2em}dt{color:#555}dd{margin:0 0 .3em 1em;overflow-wrap:anywhere}code{overflow-wrap:anywhere}";

    Checkpoint Newest => entries.Select(static entry => entry.Note.Checkpoint).MaxBy(static checkpoint => checkpoint.Size)!;

    public string Html()
    {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\"><title>卷宗 Dossier</title><style>").Append(Style).Append("</style></head><body>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>卷宗 Dossier</h1>\n<p>{Text(kind)} <code>{Text(id)}</code><br>账本 ledger <code>{Text(Newest.Origin)}</code></p>\n");
        Both(page, "本页由软件写成，只为便于阅读；能作凭据的是旁边的文件，核验方法见 README.txt。", "A program wrote this page for reading; what proves anything are the files beside it, and README.txt says how to check them.");
        Both(
            page, $"{entries.Count} 条记录，{(state is null ? "无状态证明" : $"高度 {state.Header.Height} 时的状态证明")}。另有 {notShown} 条记录制作者无权查看。",
            $"{entries.Count} entries, {(state is null ? "no state proof" : $"a state proof of height {state.Header.Height}")}. Further entries that whoever made this may not see: {notShown}.");
        foreach (var entry in entries) Entry(page, entry);
        if (state is not null) State(page, state);
        page.Append("<section><h2>未证明 Not proved</h2>\n");
        Both(page, "记录之外的事实；此后发生的事；没有列出的记录是否存在；当事方的签名（由签署检查点的银行核验过）。", "Facts outside the entries; what happened afterwards; whether there are entries that are not listed; the parties' own signatures, which the banks that signed the checkpoints checked.");
        return page.Append("</section>\n</body></html>\n").ToString();
    }

    public string Readme()
    {
        var (origin, signers) = (Newest.Origin, entries[0].Note);
        var banks = trust.Signers(signers).Select(static one => one?.GetValue<string>());
        return $$"""
            DOSSIER of {{kind}} {{id}}, ledger {{origin}}
            卷宗：{{kind}} {{id}}，账本 {{origin}}

            What is here 内容
              index.html       for people, in Chinese and English; proves nothing by itself 供阅读，本身不作凭据
              entries/         transactions as their parties signed them (JWS), by their place in the history 当事方签署的交易原文
              receipts/        the way of each entry to a signed root (C2SP tlog-proof; .cose: RFC 9942) 每条记录到已签名根的路径
              state/           what the ledger's state held at one height (ledger-state-proof/1) 某一高度的状态
              checkpoints/     what banks signed: text, and each signature by itself 银行所签的检查点及各签名
              keys/            the keys of those signatures: compare them with what you know of the banks 签名所用公钥，请与您另行取得的银行公钥核对
              genesis.json, policy.txt   the beginning of the ledger, and whom the maker of this trusted, where they are here 创世文件与信任策略
              check.py         a short program for Python's standard library; read it before you run it 简短的核验程序，请先阅读

            How to check it without the ledger's programs 不用账本程序的核验方法

            1. OpenSSL: who signed the checkpoints. Each line must say "Verified OK", or for a witness "Signature Verified Successfully". OpenSSL 核验签名：

               for s in checkpoints/*/*.der; do k=$(basename "$s" .der); echo "$s"; openssl dgst -sha256 -verify "keys/$k.pem" -signature "$s" "$(dirname "$s")/text"; done
               for s in checkpoints/*/*.signature; do [ -e "$s" ] || continue; k=$(basename "$s" .signature); echo "$s"; openssl pkeyutl -verify -pubin -inkey "keys/$k.pem" -rawin -in "$(dirname "$s")/$k.message" -sigfile "$s"; done

               The maker trusted 制作者信任的签名方: {{string.Join("; ", banks)}}
               ({{trust.Asks.English}}; {{trust.Asks.Chinese}})
               The keys are the whole of your trust: get them from the banks, not from this file. 公钥须另行取得，不可只信本文件。

            2. sha256sum (GNU coreutils): the ledger's name ends in the first 16 digits of this hash. 创世文件的哈希前 16 位即账本名称的后缀：

               sha256sum genesis.json; tail -n +1 checkpoints/*/text | grep /

            3. Python 3: every entry is in the history that was signed, and the state proof leads to its state root. It says "ok" line by line and ends with 0. Python 核验记录与状态：

               python3 check.py

            4. Where receipts/*.cose are here, public COSE libraries check each bank's word, for instance npm's @auth0/cose: a receipt is a COSE_Sign1 over the root to which leaf and path lead. 公共 COSE 库可核验 .cose 回执。

            With the ledger's own program: ledger verify receipt receipts/N.tlog-proof --policy policy.txt; ledger verify state state/instrument.state-proof --policy policy.txt
            """.ReplaceLineEndings("\n") + "\n";
    }

    void Entry(StringBuilder page, TlogProof entry)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section><h2>记录 Entry {entry.Index}</h2>\n<p><a href=\"entries/{entry.Index}.json\">entries/{entry.Index}.json</a> · <a href=\"receipts/{entry.Index}.tlog-proof\">receipts/{entry.Index}.tlog-proof</a></p>\n<div class=\"two\">");
        foreach (var language in (ReadOnlySpan<Language>)[Language.Chinese, Language.English])
        {
            page.Append("<div>");
            Node(page, PeopleText.Of(VerifyReceipt.EntryOf(new(run.Terminal, Form.Table, isColoured: false, language), trust, entry.Note.Checkpoint.Origin, entry.Leaf), language), language);
            page.Append("</div>");
        }

        page.Append("</div></section>\n");
    }

    void State(StringBuilder page, StateProofFile proof)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section><h2>状态 State</h2>\n<p><a href=\"state/instrument.state-proof\">state/instrument.state-proof</a> · {proof.Header.Height} · {TimeText.Of(proof.Header.Time, trust.OffsetMinutes)}</p>\n<div class=\"two\">");
        foreach (var language in (ReadOnlySpan<Language>)[Language.Chinese, Language.English])
        {
            var text = new StateClaimText(proof, new(run.Terminal, Form.Table, isColoured: false, language), trust.OffsetMinutes);
            page.Append("<div>");
            Node(page, text.Claims, language);
            Node(page, text.Holdings, language);
            page.Append("</div>");
        }

        page.Append("</div></section>\n");
    }

    static void Both(StringBuilder page, string chinese, string english) => page.Append(CultureInfo.InvariantCulture, $"<p>{Text(chinese)}<br>{Text(english)}</p>\n");

    static void Node(StringBuilder page, JsonNode? node, Language language)
    {
        switch (node)
        {
            case JsonObject members:
                page.Append("<dl>");
                foreach (var (name, value) in members)
                {
                    page.Append(CultureInfo.InvariantCulture, $"<dt>{Text(MemberText.Of(name, language))}</dt><dd>");
                    Node(page, value, language);
                    page.Append("</dd>");
                }

                page.Append("</dl>");
                break;
            case JsonArray items:
                page.Append("<ul>");
                foreach (var item in items)
                {
                    page.Append("<li>");
                    Node(page, item, language);
                    page.Append("</li>");
                }

                page.Append("</ul>");
                break;
            default:
                page.Append(Text(node?.ToString() ?? "—"));
                break;
        }
    }

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
