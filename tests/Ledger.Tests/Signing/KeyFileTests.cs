using System.Text;
using System.Text.Json.Nodes;
using Ledger.Client.Signing;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Tests.Signing;

public sealed class KeyFileTests : IDisposable
{
    const string Password = "回执 correct horse";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ledger-key-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("ES256")]
    [InlineData("SM2")]
    [InlineData("ECDH-ES")]
    public void A_key_comes_back_out_of_its_file(string use)
    {
        using var key = Create(use);
        var path = Path.Combine(folder.FullName, "bank.key");
        Assert.True(Lock(key).TryWriteNew(path));
        Assert.True(KeyFile.TryParse(File.ReadAllBytes(path), out var file));

        Assert.Equal((use, "银行甲", key.PublicKey), (file.Suite, file.Key, file.PublicKey));
        Assert.Equal(KeyFileOpening.Opened, file.TryOpen<PrivateKey>(Password, out var opened));
        using (opened) Assert.Equal(key.ToScalar(), opened!.ToScalar());
    }

    [Fact]
    public void A_wrong_password_opens_nothing()
    {
        using var key = Create("ES256");

        Assert.Equal(KeyFileOpening.WrongPasswordOrChanged, Lock(key).TryOpen<SigningKey>("correct horse", out var opened));
        Assert.Null(opened);
    }

    [Fact]
    public void A_sealing_key_is_not_taken_for_a_signing_key()
    {
        using var sealing = Create("ECDH-ES");
        using var signing = Create("SM2");

        Assert.Equal(KeyFileOpening.OtherUse, Lock(sealing).TryOpen<SigningKey>(Password, out _));
        Assert.Equal(KeyFileOpening.OtherUse, Lock(signing).TryOpen<SealingKey>(Password, out _));
    }

    [Fact]
    public void A_secret_that_is_not_the_public_keys_is_reported()
    {
        using var key = Create("ES256");
        using var other = Create("ES256");
        var file = KeyFile.Lock("ES256", "bank", other.PublicKey, key.ToScalar(), Password, KeyFile.MinIterations);
        var notAScalar = KeyFile.Lock("ES256", "bank", other.PublicKey, new byte[32], Password, KeyFile.MinIterations);

        Assert.Equal(KeyFileOpening.NotThisKey, file.TryOpen<SigningKey>(Password, out _));
        Assert.Equal(KeyFileOpening.NotThisKey, notAScalar.TryOpen<SigningKey>(Password, out _));
    }

    [Fact]
    public void Every_member_is_bound_to_the_ciphertext()
    {
        using var key = Create("ES256");
        using var other = Create("ES256");
        var json = Lock(key).ToJson();
        (string Path, JsonNode Value)[] changes =
        [
            ("suite", "SM2"),
            ("key", "银行乙"),
            ("publicKey", other.PublicKey.ToString()),
            ("kdf.iterations", KeyFile.MinIterations + 1),
            ("kdf.salt", Base64Url.Encode(new byte[16])),
            ("cipher.nonce", Base64Url.Encode(new byte[12])),
            ("cipher.tag", Base64Url.Encode(new byte[16])),
            ("cipher.ciphertext", Base64Url.Encode(new byte[32])),
        ];
        foreach (var (path, value) in changes)
        {
            Assert.True(KeyFile.TryParse(Changed(json, path, value), out var file), path);
            Assert.Equal(KeyFileOpening.WrongPasswordOrChanged, file.TryOpen<PrivateKey>(Password, out _));
        }
    }

    [Fact]
    public void A_file_that_is_not_exactly_ours_is_refused()
    {
        using var key = Create("ES256");
        var json = Lock(key).ToJson();
        var text = Encoding.UTF8.GetString(json);
        (string Path, JsonNode? Value)[] changes =
        [
            ("version", 2),
            ("version", "1"),
            ("suite", "RS256"),
            ("suite", null),
            ("key", ""),
            ("key", "two\nlines"),
            ("key", new string('k', 129)),
            ("publicKey", "AA"),
            ("comment", "a word"),
            ("kdf", null),
            ("kdf.name", "PBKDF2-SHA1"),
            ("kdf.iterations", KeyFile.MinIterations - 1),
            ("kdf.iterations", KeyFile.MaxIterations + 1),
            ("kdf.iterations", 600000.5),
            ("kdf.salt", "AAAA"),
            ("kdf.memory", 1),
            ("cipher.name", "AES-128-GCM"),
            ("cipher.tag", Base64Url.Encode(new byte[12])),
            ("cipher.nonce", "AAAAAAAAAAAAAAAA="),
            ("cipher.ciphertext", Base64Url.Encode(new byte[33])),
        ];

        Assert.True(KeyFile.TryParse(json, out _));
        foreach (var (path, value) in changes) Assert.False(KeyFile.TryParse(Changed(json, path, value), out _), $"{path} = {value}");
        foreach (var other in (string[])["", "null", "[]", "{}", text + "{}", text[..^3], text.Replace("\"version\":1", "\"version\":1,\"version\":1", StringComparison.Ordinal)])
            Assert.False(KeyFile.TryParse(Encoding.UTF8.GetBytes(other), out _), other);
    }

    [Fact]
    public void No_octet_can_be_changed_unnoticed()
    {
        using var key = Create("ES256");
        var json = Lock(key).ToJson();
        for (var i = 0; i < json.Length - 1; i++)
        {
            var changed = json.ToArray();
            changed[i] ^= 0x80;
            Assert.False(KeyFile.TryParse(changed, out _), $"Octet {i}.");
        }
    }

    [Fact]
    public void A_file_that_is_there_is_never_overwritten()
    {
        using var key = Create("SM2");
        var path = Path.Combine(folder.FullName, "bank.key");
        File.WriteAllText(path, "somebody's only copy");

        Assert.False(Lock(key).TryWriteNew(path));
        Assert.Equal("somebody's only copy", File.ReadAllText(path));
    }

    [Fact]
    public void Only_its_owner_can_read_a_key_file()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file mode; the folder's access list rules there.");
            return;
        }

        using var key = Create("ES256");
        var path = Path.Combine(folder.FullName, "bank.key");
        Assert.True(Lock(key).TryWriteNew(path));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Theory]
    [InlineData("bank", KeyFile.MinIterations - 1)]
    [InlineData("bank", KeyFile.MaxIterations + 1)]
    [InlineData("", KeyFile.MinIterations)]
    [InlineData("a\tb", KeyFile.MinIterations)]
    public void A_file_that_could_not_be_read_back_is_not_made(string name, int iterations)
    {
        using var key = Create("ES256");

        Assert.ThrowsAny<ArgumentException>(() => KeyFile.Lock(key, name, Password, iterations));
    }

    static KeyFile Lock(PrivateKey key) => KeyFile.Lock(key, "银行甲", Password, KeyFile.MinIterations);

    static PrivateKey Create(string use) =>
        use == SealingKey.UseName ? SealingKey.Create() : SigningKey.Create(KnownSuites.Find(use)!);

    static byte[] Changed(byte[] json, string path, JsonNode? value)
    {
        var root = JsonNode.Parse(json)!;
        var names = path.Split('.');
        var parent = names.Length == 1 ? root : root[names[0]]!;
        parent[names[^1]] = value;
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }
}
