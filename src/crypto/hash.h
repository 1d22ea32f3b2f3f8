/*
 * hash.h - SHA-256 and HMAC, the names of packs, inputs and log leaves.
 */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include "base/str.h"

enum { HASH_BYTES = 32 };

typedef struct Hash {
    unsigned char byte[HASH_BYTES];
} Hash;

/* SHA-256 (FIPS 180-4) of some bytes. */
Hash hash_of(Str bytes);

/* SHA-256 of a prefix byte and two runs of bytes, without joining them. */
Hash hash_of_two(unsigned char prefix, Str first, Str second);

/* HMAC-SHA-256 (RFC 2104). */
Hash hash_keyed(Str key, Str bytes);

/* Equality in constant time. */
bool hash_equal(const Hash *a, const Hash *b);

/* 64 lower-case hexadecimal digits and a zero byte. */
void hash_hex(const Hash *hash, char ret_text[65]);

/* Its bytes, borrowed. */
static inline Str hash_str(const Hash *hash)
{
    return (Str){(const char *)hash->byte, HASH_BYTES};
}

/*
 * The root of a growing Merkle tree by RFC 9162 section 2.1.1, kept as the
 * roots of its full subtrees; leaves are appended one by one.
 */
typedef struct MerkleRoot {
    Hash part[63];
    uint64_t leaf_count;
} MerkleRoot;

/* Appends a leaf, given its content: hashed here with the prefix 0x00. */
void merkle_append(MerkleRoot *tree, Str leaf);

/* Appends a leaf whose hash, prefix included, is known. */
void merkle_append_hash(MerkleRoot *tree, const Hash *leaf);

/* The root; for no leaves the hash of nothing. */
Hash merkle_root(const MerkleRoot *tree);

/*
 * A sum over texts whose order does not matter: the halves of their hashes
 * added up. Two walks over the same rows agree; it is no proof against who
 * may choose the texts.
 */
typedef struct HashSum {
    uint64_t part[2];
    int64_t count;
} HashSum;

/* Adds one text. */
void hash_sum_add(HashSum *sum, Str text);

/* Whether two sums are of the same texts. */
bool hash_sum_equal(const HashSum *a, const HashSum *b);

/* 63 bits of the hash of bytes: ids that are derived from (source, key). */
int64_t hash_id(Str bytes);

/* The same of a hash that is known already. */
int64_t hash_to_id(const Hash *hash);

#endif
