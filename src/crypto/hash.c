/* The low-level SHA-256 calls are twice as fast as EVP for short inputs. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>

#include "base/err.h"

Hash hash_of(Str bytes)
{
    SHA256_CTX context;
    Hash hash;
    SHA256_Init(&context);
    if (bytes.bytes > 0) SHA256_Update(&context, bytes.at, bytes.bytes);
    SHA256_Final(hash.byte, &context);
    return hash;
}

Hash hash_of_two(unsigned char prefix, Str first, Str second)
{
    SHA256_CTX context;
    Hash hash;
    SHA256_Init(&context);
    SHA256_Update(&context, &prefix, 1);
    if (first.bytes > 0) SHA256_Update(&context, first.at, first.bytes);
    if (second.bytes > 0) SHA256_Update(&context, second.at, second.bytes);
    SHA256_Final(hash.byte, &context);
    return hash;
}

Hash hash_keyed(Str key, Str bytes)
{
    Hash hash;
    unsigned int written = 0;
    const unsigned char *done =
        HMAC(EVP_sha256(), key.at, (int)key.bytes,
             (const unsigned char *)bytes.at, bytes.bytes, hash.byte, &written);
    CHECK(done != NULL && written == HASH_BYTES);
    return hash;
}

bool hash_equal(const Hash *a, const Hash *b)
{
    return CRYPTO_memcmp(a->byte, b->byte, HASH_BYTES) == 0;
}

void hash_hex(const Hash *hash, char ret_text[65])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < HASH_BYTES; i++) {
        ret_text[2 * i] = digits[hash->byte[i] >> 4];
        ret_text[2 * i + 1] = digits[hash->byte[i] & 15];
    }
    ret_text[64] = '\0';
}

void merkle_append(MerkleRoot *tree, Str leaf)
{
    Hash hash = hash_of_two(0, leaf, (Str){NULL, 0});
    merkle_append_hash(tree, &hash);
}

void merkle_append_hash(MerkleRoot *tree, const Hash *leaf)
{
    Hash hash = *leaf;
    int level = 0;
    for (uint64_t full = tree->leaf_count; (full & 1) != 0; full >>= 1) {
        hash = hash_of_two(1, hash_str(&tree->part[level]), hash_str(&hash));
        level++;
    }
    tree->part[level] = hash;
    tree->leaf_count++;
}

Hash merkle_root(const MerkleRoot *tree)
{
    if (tree->leaf_count == 0) return hash_of((Str){NULL, 0});
    Hash root = {{0}};
    bool started = false;
    for (int level = 0; level < 63; level++) {
        if ((tree->leaf_count >> level & 1) == 0) continue;
        const Hash *part = &tree->part[level];
        root =
            started ? hash_of_two(1, hash_str(part), hash_str(&root)) : *part;
        started = true;
    }
    return root;
}

int64_t hash_to_id(const Hash *hash)
{
    uint64_t id = 0;
    for (int i = 0; i < 8; i++) id = id << 8 | hash->byte[i];
    return (int64_t)(id >> 1);
}

int64_t hash_id(Str bytes)
{
    Hash hash = hash_of(bytes);
    return hash_to_id(&hash);
}

void hash_sum_add(HashSum *sum, Str text)
{
    Hash hash = hash_of(text);
    for (int p = 0; p < 2; p++) {
        uint64_t word = 0;
        for (int i = 0; i < 8; i++) word = word << 8 | hash.byte[p * 8 + i];
        sum->part[p] += word;
    }
    sum->count++;
}

bool hash_sum_equal(const HashSum *a, const HashSum *b)
{
    return a->count == b->count && a->part[0] == b->part[0] &&
           a->part[1] == b->part[1];
}
