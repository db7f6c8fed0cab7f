using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Tests.State;

/// <summary>Frozen bytes of one toy state under ES256. A change here is a change of protocol: every state root that was ever signed would be false.</summary>
public class GoldenStateTests
{
    static readonly P256Suite Suite = new();

    [Theory]
    [MemberData(nameof(Frozen))]
    public void The_bytes_are_the_frozen_ones(string what, string hex) => Assert.Equal(hex, Convert.ToHexStringLower(Bytes(what)));

    public static TheoryData<string, string> Frozen { get; } = new()
    {
        { "salt by transaction", "e7557abc9ad701fc2a491cc324b6a69de2e9d65010778df6737d366be94ea00a" },
        { "salt by deadline", "6955907e851544c4a3adcf38dc13f4b289db09c292602c8df41d80535b1ce5a2" },
        { "root of the empty state of three sections", "38673a1e3e516beca83d6a96cdbae04ee8e56dff66921b3d4492a7fef20884bb" },
        { "root", "ff2b66a20fa136d135adf2553141ba579381ca0f84c3c62b63fc39d6c5de1a11" },
        { "root of section 1", "83c10acea47682bebab61f0cd46df29855b8795ae280e84a195592c5e15c43c9" },
        {
            "proof of a record",
            "01010383c10acea47682bebab61f0cd46df29855b8795ae280e84a195592c5e15c43c97a2b23ead8ebe2e49ac1eee66b8fad0635bdb79d1f474498e1b8fd786a"
            + "8480d9f299791cddd3d6664f6670842812ef6053eb6501bd6282a476bbbf3ee91e750c02af750a0dbdf1f2ebe02084b29931fc1f05c4e07ed2368652544e91a5"
            + "4206ac4b1c5d42f147f3938080c7925b1fe7d2adb2c0d4e8d1d0e6589a9c95ab65eafebfd37313f9a1f4ff5d49ab04ae16440e1e9026aec124c6a5307bfc6ed7"
            + "d0c5e1845ded03e3a40b52bf346c4e6cf56db667a9be6a16fc335748501546a012461910960cd67ebe6f4c504df4b6aafe884ee4a4599c5746ca817a7d9e2235"
            + "d3bb4c42eb908ea7fc33409c91969fc0cee652db0ff32c1ce58f7c38787959b84d8bf9912678df8e3a61d642188588593de449ee9d3d93b34d79ad7d687595b4"
            + "4ecb5ee96a564242a630ba1072223a312359f7527435a5420faf9293283464e10f5139c1a1fde8697d2d4c7310d9bd5e4866be7e34b10e28bb23aad1f96cc983"
            + "492d89b3e52fef376ada7675452d61419c8cd998182923d52895c9781a7f9dc52f3c0f5cd9045f0880017b4be14d7ac4774a5f99e95cb434d23bde7cf059dfba"
            + "5b7a3d0913c70114f09db25a0426bac0c1a6f7bb986ddbd66f40cb6984c79937c8e0bf3eb2c331bf875a"
        },
        {
            "proof of absence in an empty place",
            "02010383c10acea47682bebab61f0cd46df29855b8795ae280e84a195592c5e15c43c97a2b23ead8ebe2e49ac1eee66b8fad0635bdb79d1f474498e1b8fd786a"
            + "8480d9f299791cddd3d6664f6670842812ef6053eb6501bd6282a476bbbf3ee91e750c01af750b0dbdf1f2ebe02084b29931fc1f05c4e07ed2368652544e91a5"
            + "4206ac4b1c5d42f147f3938080c7925b1fe7d2adb2c0d4e8d1d0e6589a9c95ab65eafebfd37313f9a1f4ff5d49ab04ae16440e1e9026aec124c6a5307bfc6ed7"
            + "d0c5e1845ded03e3a40b52bf346c4e6cf56db667a9be6a16fc335748501546a012461910960cd623c50ec56d2d5d25c5bd5216f97bc3127ff150cbf6539797df"
            + "1a4341c81661597ebe6f4c504df4b6aafe884ee4a4599c5746ca817a7d9e2235d3bb4c42eb908ea7fc33409c91969fc0cee652db0ff32c1ce58f7c38787959b8"
            + "4d8bf9912678df8e3a61d642188588593de449ee9d3d93b34d79ad7d687595b44ecb5ee96a564242a630ba1072223a312359f7527435a5420faf9293283464e1"
            + "0f5139c1a1fde8697d2d4c7310d9bd5e4866be7e34b10e28bb23aad1f96cc983492d89b3e52fef376ada7675452d61419c8cd998182923d52895c9781a7f9dc5"
            + "2f3c0f5cd9045f"
        },
        {
            "proof of absence beside another record",
            "03010383c10acea47682bebab61f0cd46df29855b8795ae280e84a195592c5e15c43c97a2b23ead8ebe2e49ac1eee66b8fad0635bdb79d1f474498e1b8fd786a"
            + "8480d9f299791cddd3d6664f6670842812ef6053eb6501bd6282a476bbbf3ee91e750c01af750a0dbdf1f2ebe02084b29931fc1f05c4e07ed2368652544e91a5"
            + "4206ac4b1c5d42f147f3938080c7925b1fe7d2adb2c0d4e8d1d0e6589a9c95ab65eafebfd37313f9a1f4ff5d49ab04ae16440e1e9026aec124c6a5307bfc6ed7"
            + "d0c5e1845ded03e3a40b52bf346c4e6cf56db667a9be6a16fc335748501546a012461910960cd623c50ec56d2d5d25c5bd5216f97bc3127ff150cbf6539797df"
            + "1a4341c81661597ebe6f4c504df4b6aafe884ee4a4599c5746ca817a7d9e2235d3bb4c42eb908ea7fc33409c91969fc0cee652db0ff32c1ce58f7c38787959b8"
            + "4d8bf9912678df8e3a61d642188588593de449ee9d3d93b34d79ad7d687595b44ecb5ee96a564242a630ba1072223a312359f7527435a5420faf9293283464e1"
            + "0f5139c1a1fde8376ada7675452d61419c8cd998182923d52895c9781a7f9dc52f3c0f5cd9045fdb0566731642ec42b27a096bce591236aad336c203f4bfeb98"
            + "6274c97e067020ccb0d1d0659c3e05219e10513dfd0c76165d98acb014b78f306320661816e1ca"
        },
    };

    static byte[] Bytes(string what)
    {
        var tree = new StateTree(Suite, 3);
        for (var number = 0; number < 16; number++)
        {
            byte[] key = [(byte)number];
            tree.Put(1, key, [(byte)number, 0xFF], Salts.ByTransaction(Suite, Payload, 1, key));
        }

        tree.Put(2, "key"u8, "value"u8, Salts.ByDeadline(Suite, default, 2, "key"u8, height: 9));
        return what switch
        {
            "salt by transaction" => Salts.ByTransaction(Suite, Payload, 1, [0]).ToBytes(),
            "salt by deadline" => Salts.ByDeadline(Suite, Payload, 1, [0], height: 9).ToBytes(),
            "root of the empty state of three sections" => new StateTree(Suite, 3).Root().ToBytes(),
            "root" => tree.Root().ToBytes(),
            "root of section 1" => tree.SectionRoot(1).ToBytes(),
            "proof of a record" => tree.Prove(1, [2]).Write(),
            "proof of absence in an empty place" => tree.Prove(1, [16]).Write(),
            "proof of absence beside another record" => tree.Prove(1, [17]).Write(),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
    }

    static Hash256 Payload => Suite.Hash("payload"u8);
}
