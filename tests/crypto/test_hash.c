#include "crypto/hash.h"

#include "base/buf.h"
#include "base/random.h"
#include "tests/harness.h"

static void expect_hex(Hash hash, const char *hex)
{
    char text[65];
    hash_hex(&hash, text);
    ck_assert_str_eq(text, hex);
}

/* FIPS 180-4 examples, NIST. */
TEST(sha_256_gives_the_published_digests)
{
    expect_hex(
        hash_of((Str){NULL, 0}),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect_hex(
        hash_of(STR("abc")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect_hex(
        hash_of(
            STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    Buf million = buf_make(1000000);
    for (int i = 0; i < 1000000; i++) buf_char(&million, 'a');
    expect_hex(
        hash_of(buf_view(&million)),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    buf_free(&million);
}

TEST(a_prefix_and_two_parts_hash_as_if_joined)
{
    Hash joined = hash_of(STR("\x01one two"));
    Hash parts = hash_of_two(1, STR("one "), STR("two"));
    ck_assert(hash_equal(&joined, &parts));
    parts = hash_of_two(1, (Str){NULL, 0}, STR("one two"));
    ck_assert(hash_equal(&joined, &parts));
    parts = hash_of_two(2, STR("one "), STR("two"));
    ck_assert(!hash_equal(&joined, &parts));
}

/* RFC 4231, cases 1, 2, 3 and 6. */
TEST(hmac_gives_the_published_digests)
{
    static char key[131], data[50];
    memset(key, 0x0b, 20);
    expect_hex(
        hash_keyed((Str){key, 20}, STR("Hi There")),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    expect_hex(
        hash_keyed(STR("Jefe"), STR("what do ya want for nothing?")),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, 20);
    memset(data, 0xdd, 50);
    expect_hex(
        hash_keyed((Str){key, 20}, (Str){data, 50}),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    memset(key, 0xaa, 131);
    expect_hex(
        hash_keyed((Str){key, 131}, STR("Test Using Larger Than Block-Size Key "
                                        "- Hash Key First")),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 9162 section 2.1.1, as it is written there. */
static Hash mth(const Str *leaf, size_t count)
{
    if (count == 0) return hash_of((Str){NULL, 0});
    if (count == 1) return hash_of_two(0, leaf[0], (Str){NULL, 0});
    size_t k = 1;
    while (k * 2 < count) k *= 2;
    Hash left = mth(leaf, k), right = mth(leaf + k, count - k);
    return hash_of_two(1, hash_str(&left), hash_str(&right));
}

TEST(the_growing_root_equals_the_recursive_definition_at_every_size)
{
    enum { COUNT = 300 };
    static char text[COUNT][8];
    static Str leaf[COUNT];
    MerkleRoot tree = {.leaf_count = 0};
    for (int i = 0; i < COUNT; i++) {
        Hash expected = mth(leaf, (size_t)i), root = merkle_root(&tree);
        ck_assert_msg(hash_equal(&root, &expected), "%d leaves", i);
        leaf[i] = (Str){text[i], (size_t)snprintf(text[i], 8, "%d", i * i)};
        merkle_append(&tree, leaf[i]);
    }
    ck_assert_uint_eq(tree.leaf_count, COUNT);
}

/* The trees of certificate-transparency's own tests. */
TEST(small_trees_have_the_published_roots)
{
    static const struct {
        const char *at;
        size_t bytes;
    } leaf[] = {{"", 0},
                {"\x00", 1},
                {"\x10", 1},
                {"\x20\x21", 2},
                {"\x30\x31", 2},
                {"\x40\x41\x42\x43", 4},
                {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
                {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e"
                 "\x6f",
                 16}};
    static const char *const root[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    MerkleRoot tree = {.leaf_count = 0};
    for (int i = 0; i < 8; i++) {
        merkle_append(&tree, (Str){leaf[i].at, leaf[i].bytes});
        expect_hex(merkle_root(&tree), root[i]);
    }
}

TEST(appending_the_hash_of_a_leaf_is_appending_the_leaf)
{
    MerkleRoot one = {.leaf_count = 0}, two = {.leaf_count = 0};
    for (int i = 0; i < 20; i++) {
        char text[4] = {(char)i, 1, 2, 3};
        Hash hash = hash_of_two(0, (Str){text, 4}, (Str){NULL, 0});
        merkle_append(&one, (Str){text, 4});
        merkle_append_hash(&two, &hash);
    }
    Hash a = merkle_root(&one), b = merkle_root(&two);
    ck_assert(hash_equal(&a, &b));
}

TEST(ids_of_hashes_have_63_bits_and_differ)
{
    Buf buf = buf_make(32);
    int64_t last = -1;
    for (int i = 0; i < 1000; i++) {
        buf_reset(&buf);
        buf_int(&buf, i);
        int64_t id = hash_id(buf_view(&buf));
        ck_assert_int_ge(id, 0);
        ck_assert_int_ne(id, last);
        last = id;
    }
    /* the first eight bytes of SHA-256("abc"), halved */
    ck_assert_int_eq(hash_id(STR("abc")), (int64_t)(0xba7816bf8f01cfeau >> 1));
    buf_free(&buf);
}
