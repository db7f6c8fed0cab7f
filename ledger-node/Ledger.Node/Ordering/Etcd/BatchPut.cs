using Google.Protobuf;
using Ledger.Core.Primitives;
using Ledger.Node.Ordering.Etcd.Rpc;
using Bytes = Google.Protobuf.ByteString;

namespace Ledger.Node.Ordering.Etcd;

/// <summary>
/// Puts one batch under its key, only where there is none. What a member did with a request that it did not answer nobody knows; so the very same value is put again until
/// there is an answer, and the answer is read from the key. What is no batch of this bank's gives way.
/// </summary>
sealed class BatchPut(OrderKeys keys, PartyId bank, Func<ReadOnlyMemory<byte>, ulong, bool> isMine, Members members, Action<ResponseHeader> check, Action<Exception?> tell)
{
    /// <summary>
    /// True when the value is the key's; false when another batch of this bank is. <paramref name="followsMine"/>: the batch before was put into this order
    /// too, and must still be there.
    /// </summary>
    public async Task<bool> PutAsync(Outgoing outgoing, bool followsMine, CancellationToken cancel)
    {
        var key = keys.Of(bank, outgoing.Counter);
        var value = UnsafeByteOperations.UnsafeWrap(outgoing.Value);
        KeyValue? junk = null;
        while (true)
        {
            var request = Request(key, value, junk, followsMine ? keys.Of(bank, outgoing.Counter - 1) : null);
            var answer = await members.AskAsync((member, deadline) => member.TxnAsync(request, deadline), tell, cancel);
            check(answer.Header);
            if (answer.Succeeded) return true;

            // What the key holds is as it was compared, so it is the batch before that is missing.
            var found = answer.Responses[0].ResponseRange.Kvs.FirstOrDefault();
            if (found?.ModRevision == junk?.ModRevision)
            {
                throw new OrderBrokenException(
                    $"本行第 {outgoing.Counter - 1} 批曾获确认，现已不在排序服务中", $"batch {outgoing.Counter - 1} of this bank was ordered, and is no longer there");
            }

            if (found is not null && found.Value.Span.SequenceEqual(outgoing.Value.Span)) return true;
            if (found is not null && isMine(found.Value.Memory, outgoing.Counter)) return false;
            junk = found;
        }
    }

    static TxnRequest Request(Bytes key, Bytes value, KeyValue? junk, Bytes? before)
    {
        var request = new TxnRequest
        {
            Compare =
            {
                junk is null
                    ? new Compare { Key = key, Target = Compare.Types.CompareTarget.Create, Result = Compare.Types.CompareResult.Equal, CreateRevision = 0 }
                    : new Compare { Key = key, Target = Compare.Types.CompareTarget.Mod, Result = Compare.Types.CompareResult.Equal, ModRevision = junk.ModRevision },
            },
            Success = { new RequestOp { RequestPut = new() { Key = key, Value = value } } },
            Failure = { new RequestOp { RequestRange = new() { Key = key } } },
        };
        if (before is not null)
            request.Compare.Add(new Compare { Key = before, Target = Compare.Types.CompareTarget.Create, Result = Compare.Types.CompareResult.Greater, CreateRevision = 0 });
        return request;
    }
}
