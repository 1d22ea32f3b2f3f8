#include "programme/pack.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec/bytes.h"
#include "store/schema.h"
#include "tests/harness.h"

static Arena *arena;
static Diag diag;

static const Pack *own(void)
{
    const Pack *pack;
    if (arena == NULL) arena = arena_open((size_t)1 << 30);
    ck_assert_int_eq(pack_embedded(arena, &diag, &pack), OK);
    return pack;
}

static Str changed(Str bytes, size_t at)
{
    char *copy = arena_alloc(arena, bytes.bytes, 1);
    memcpy(copy, bytes.at, bytes.bytes);
    copy[at] ^= 1;
    return (Str){copy, bytes.bytes};
}

/* The binary's own is named by hashes from the build. */
TEST(a_pack_has_the_name_that_its_bytes_give)
{
    const Pack *pack = own();
    Hash hash;
    ck_assert_int_eq(pack_hash(pack->bytes, &hash), OK);
    ck_assert(hash_equal(&hash, &pack->hash));
    ck_assert_int_eq(hash_to_id(&hash), pack->id);
}

TEST(any_other_byte_is_another_name_or_no_pack)
{
    const Pack *pack = own();
    Hash hash;
    for (size_t at = 0; at < pack->bytes.bytes; at += 997) {
        Err err = pack_hash(changed(pack->bytes, at), &hash);
        ck_assert(err == ERR_INVALID || !hash_equal(&hash, &pack->hash));
    }
    Str less = {pack->bytes.at, pack->bytes.bytes - 1};
    ck_assert_int_eq(pack_hash(less, &hash), ERR_INVALID);
    char *room = arena_alloc(arena, pack->bytes.bytes + 1, 1);
    memcpy(room, pack->bytes.at, pack->bytes.bytes);
    Str more = {room, pack->bytes.bytes + 1};
    ck_assert_int_eq(pack_hash(more, &hash), ERR_INVALID);
    ck_assert_int_eq(pack_hash(STR(""), &hash), ERR_INVALID);
}

/* As databases of earlier programs hold it. */
TEST(a_pack_of_the_first_format_is_kept_and_found)
{
    char folder[] = "/tmp/sanad-pack-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    Pack first = *own();
    const Pack *found;
    const char *path = arena_format(arena, "%s/a.db", folder);
    Store *store;
    StoreConn *tx;
    Str bytes = changed(first.bytes, 0);
    ((char *)(uintptr_t)bytes.at)[0] = 1;
    first.bytes = bytes;
    first.hash = hash_of(bytes);
    first.id = hash_to_id(&first.hash);
    ck_assert_int_eq(store_open(path, true, &diag, &store), OK);
    ck_assert_int_eq(store_writer(store, &diag, &tx), OK);
    ck_assert_int_eq(store_migrate(tx, &diag), OK);
    ck_assert_int_eq(store_begin(tx), OK);
    ck_assert_int_eq(pack_keep(tx, &first, 1), OK);
    ck_assert_int_eq(store_commit(tx), OK);
    ck_assert_int_eq(pack_find(tx, arena, first.id, &diag, &found), OK);
    ck_assert_int_eq(found->id, first.id);
    ck_assert_int_eq(found->programme_count, own()->programme_count);
    store_conn_close(tx);
    store_close(store);
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (int i = 0; i < 4; i++) {
        unlink(arena_format(arena, "%s%s", path, ends[i]));
    }
    rmdir(folder);
}
