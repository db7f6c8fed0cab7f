using System.Text;
using Ledger.Client.AdminLog;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Node.Monitoring;
using Ledger.Suites;
using Ledger.Tests.Storage;

namespace Ledger.Tests.Monitoring;

public sealed class AdminLogTests : IDisposable
{
    readonly SigningKey key = SigningKey.Create(KnownSuites.P256);
    readonly MemoryStorage disk = new();

    public void Dispose() => key.Dispose();

    [Fact]
    public void An_act_is_on_disk_with_who_and_what_and_the_line_before_it()
    {
        var head = Write("start", "log-level");

        var report = Audit(Bytes());

        Assert.Null(report.Fault);
        Assert.Equal(["start", "log-level"], report.Entries.Select(entry => entry.Act));
        Assert.Equal([1UL, 2UL], report.Entries.Select(entry => entry.Number));
        Assert.Equal(head, report.Head);
    }

    [Fact]
    public void The_next_process_goes_on_where_the_last_one_ended()
    {
        Write("start", "stop");
        Write("start");

        Assert.Equal(3, Audit(Bytes()).Entries.Count);
    }

    [Fact]
    public void Any_byte_that_is_changed_is_found_in_its_line_and_the_node_does_not_write_behind_it()
    {
        Write("start", "log-level", "stop");
        var good = Bytes();
        for (var i = 0; i < good.Length; i++)
        {
            var changed = good.ToArray();
            changed[i] ^= 1;
            var line = good.AsSpan(0, i).Count((byte)'\n') + 1;

            var report = Audit(changed);

            Assert.True(report.Fault is not null, $"byte {i}");
            Assert.InRange(report.FaultyLine ?? 0, line, line + 1);
            if (report.Fault == AdminLogFault.Torn) continue;
            Put(changed);
            Assert.Null(Open(out var told));
            Assert.Equal(report.FaultyLine, told);
        }
    }

    [Fact]
    public void A_line_that_was_taken_out_or_moved_is_found()
    {
        Write("one", "two", "three");
        var lines = Encoding.UTF8.GetString(Bytes()).Split('\n')[..^1];

        Assert.Equal((2, AdminLogFault.ChainBroken), Fault([lines[0], lines[2]]));
        Assert.Equal((1, AdminLogFault.ChainBroken), Fault([lines[1], lines[2]]));
        Assert.Equal((2, AdminLogFault.ChainBroken), Fault([lines[0], lines[0]]));
    }

    [Fact]
    public void A_log_that_was_cut_short_has_another_head_than_the_one_that_monitoring_kept()
    {
        var kept = Write("one", "two");
        var shorter = Encoding.UTF8.GetString(Bytes()).Split('\n')[0] + "\n";

        var report = Audit(Encoding.UTF8.GetBytes(shorter));

        Assert.Null(report.Fault);
        Assert.NotEqual(kept, report.Head);
    }

    [Fact]
    public void A_line_that_a_crash_tore_is_cut_off_and_the_log_says_so()
    {
        Write("one", "two");
        var whole = Bytes();
        for (var length = whole.AsSpan().IndexOf((byte)'\n') + 2; length < whole.Length; length += 40)
        {
            Put(whole[..length]);

            Open(out _)?.Dispose();

            Assert.Equal(["one", "log.cut"], Audit(Bytes()).Entries.Select(entry => entry.Act));
        }
    }

    [Fact]
    public void Another_keys_signature_is_none()
    {
        Write("start");
        using var other = SigningKey.Create(KnownSuites.P256);

        Assert.Equal(AdminLogFault.NotSigned, AdminLogAudit.Read(Bytes(), Verify, [other.PublicKey]).Fault);
    }

    (int?, AdminLogFault?) Fault(string[] lines)
    {
        var report = Audit(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        return (report.FaultyLine, report.Fault);
    }

    string Write(params ReadOnlySpan<string> acts)
    {
        using var log = Open(out _) ?? throw new InvalidOperationException();
        foreach (var act in acts) log.Write("operator", act, "甲\tto\n\"b\"", "ok");
        return log.Head;
    }

    AdminLog? Open(out int faultyLine) =>
        AdminLog.Open(disk, new(default, key.PublicKey, bytes => key.Sign(bytes), _ => []), founder: null, Verify, TimeProvider.System, out faultyLine);

    AdminLogReport Audit(byte[] file) => AdminLogAudit.Read(file, Verify, [key.PublicKey]);

    static bool Verify(ByteString signer, byte[] message, byte[] signature) => KnownSuites.P256.Verify(signer, message, signature);

    byte[] Bytes()
    {
        using var file = disk.Open(AdminLog.FileName) ?? throw new InvalidOperationException();
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    void Put(byte[] bytes)
    {
        using var file = disk.Create(AdminLog.FileName);
        file.Write(0, bytes);
        file.Flush();
    }
}
