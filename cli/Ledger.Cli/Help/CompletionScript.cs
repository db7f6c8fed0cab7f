using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using Ledger.Client.Text;

namespace Ledger.Cli.Help;

/// <summary>
/// Completion for a shell, as one script that holds the whole tree of commands: nothing is started while a person types. Where no word fits, the
/// shell's own completion of file names takes over.
/// </summary>
static class CompletionScript
{
    public static readonly string[] Shells = ["bash", "zsh", "pwsh"];

    public static string Of(string shell, Command root, Language language) => shell switch
    {
        "bash" => Bash(Places(root, language)),
        "zsh" => Zsh(Places(root, language)),
        "pwsh" => PowerShell(Places(root, language)),
        _ => throw new ArgumentOutOfRangeException(nameof(shell)),
    };

    // A place is the commands typed so far, or one of its options whose value comes next; each with the words that fit there.
    static List<(string Path, (string Word, string Words)[] Fitting)> Places(Command root, Language language)
    {
        var places = new List<(string, (string, string)[])>();
        Add(root, "");
        return places;

        void Add(Command command, string path)
        {
            var options = command.Options.Concat(command == root ? [] : HelpPage.Shared(command)).Where(option => !option.Hidden).ToArray();
            var values = command.Arguments.SelectMany(argument => argument.GetCompletions(CompletionContext.Empty)).Select(item => (item.Label, ""));
            places.Add((path, [
                .. HelpPage.Visible(command).Select(inner => (inner.Name, HelpWords.Of(inner, language))), .. values,
                .. options.Select(option => (option.Name, HelpWords.Of(option, language)))]));
            foreach (var option in options)
            {
                (string, string)[] fitting = option.ValueType == typeof(bool) ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(item => (item.Label, ""))];
                if (fitting.Length == 0) continue;
                foreach (var name in option.Aliases.Prepend(option.Name)) places.Add(($"{path} {name}".TrimStart(), fitting));
            }

            foreach (var inner in HelpPage.Visible(command)) Add(inner, $"{path} {inner.Name}".TrimStart());
        }
    }

    static string Bash(IEnumerable<(string Path, (string Word, string Words)[] Fitting)> places)
    {
        var script = new StringBuilder(
            """
            # bash completion for ledger. To use it now: source <(ledger completion bash)
            _ledger_words() {
                case "$1" in

            """);
        foreach (var (path, fitting) in places)
            script.Append($"        {Quoted(path)}) echo {Quoted(string.Join(' ', fitting.Select(one => one.Word)))};;\n");
        return script.Append(
            """
                    *) return 1;;
                esac
            }
            _ledger() {
                local current="${COMP_WORDS[COMP_CWORD]}" place="" word words i
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word="${COMP_WORDS[i]}"
                    if [[ "$word" != -* ]] && _ledger_words "${place:+$place }$word" >/dev/null; then place="${place:+$place }$word"; fi
                done
                word="${COMP_WORDS[COMP_CWORD-1]}"
                if [[ "$word" == -* ]] && words="$(_ledger_words "${place:+$place }$word")"; then :; else words="$(_ledger_words "$place")"; fi
                COMPREPLY=($(compgen -W "$words" -- "$current"))
            }
            complete -o default -F _ledger ledger

            """).ToString();
    }

    static string Zsh(IEnumerable<(string Path, (string Word, string Words)[] Fitting)> places)
    {
        var script = new StringBuilder(
            """
            #compdef ledger
            # zsh completion for ledger. To use it now: source <(ledger completion zsh)
            _ledger_words() {
                case "$1" in

            """);
        foreach (var (path, fitting) in places)
            script.Append($"        {Quoted(path)}) reply=({string.Join(' ', fitting.Select(one => Quoted(Described(one))))});;\n");
        return script.Append(
            """
                    *) return 1;;
                esac
            }
            _ledger() {
                local place="" word i
                local -a reply
                for ((i = 2; i < CURRENT; i++)); do
                    word="${words[i]}"
                    if [[ "$word" != -* ]] && _ledger_words "${place:+$place }$word"; then place="${place:+$place }$word"; fi
                done
                word="${words[CURRENT-1]}"
                if [[ "$word" != -* ]] || ! _ledger_words "${place:+$place }$word"; then _ledger_words "$place"; fi
                _describe 'ledger' reply || _files
            }
            if [ "$funcstack[1]" = "_ledger" ]; then _ledger "$@"; elif (( $+functions[compdef] )); then compdef _ledger ledger; fi

            """).ToString();
    }

    static string PowerShell(IEnumerable<(string Path, (string Word, string Words)[] Fitting)> places)
    {
        var script = new StringBuilder(
            """
            # PowerShell completion for ledger. To use it now: ledger completion pwsh | Out-String | Invoke-Expression
            $LedgerWords = @{

            """);
        foreach (var (path, fitting) in places)
            script.Append($"    {PowerShellQuoted(path)} = @({string.Join(", ", fitting.Select(one => PowerShellQuoted(one.Word)))})\n");
        return script.Append(
            """
            }
            Register-ArgumentCompleter -Native -CommandName ledger -ScriptBlock {
                param($current, $line, $cursor)
                $typed = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
                if ($current -and $typed.Count -gt 0) { $typed = @($typed | Select-Object -SkipLast 1) }
                $place = ''
                foreach ($word in $typed) {
                    $next = "$place $word".Trim()
                    if (-not $word.StartsWith('-') -and $LedgerWords.ContainsKey($next)) { $place = $next }
                }
                $fitting = $LedgerWords[$place]
                if ($typed.Count -gt 0) {
                    $option = "$place $($typed[-1])".Trim()
                    if ($typed[-1].StartsWith('-') -and $LedgerWords.ContainsKey($option)) { $fitting = $LedgerWords[$option] }
                }
                $fitting | Where-Object { $_ -like "$current*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }

            """).ToString();
    }

    // In what _describe reads, a colon ends the word.
    static string Described((string Word, string Words) one) =>
        one.Words.Length == 0 ? one.Word : $"{one.Word.Replace(":", "\\:", StringComparison.Ordinal)}:{one.Words}";

    static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    static string PowerShellQuoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
