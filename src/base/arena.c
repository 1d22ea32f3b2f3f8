#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { BLOCK_BYTES = 64 * 1024 };

typedef struct Block {
    struct Block *next;
    size_t used_bytes;
    size_t room_bytes;
    alignas(max_align_t) unsigned char bytes[];
} Block;

struct Arena {
    Block *current; /* the block that is being filled */
    Block *blocks;  /* all blocks, in the order of use */
    size_t taken_bytes;
    size_t limit_bytes;
    bool refused;
};

#ifdef SANAD_TORTURE
static _Thread_local long fail_block, fail_item;

static bool fails_now(long *at)
{
    return *at > 0 && --*at == 0;
}

static bool block_fails(void)
{
    return fails_now(&fail_block);
}

static bool item_fails(void)
{
    return fails_now(&fail_item);
}

void arena_fail_at(long nth)
{
    fail_block = nth;
}

long arena_fail_item_at(long nth)
{
    long left = fail_item;
    fail_item = nth;
    return left;
}
#else
static bool block_fails(void)
{
    return false;
}

static bool item_fails(void)
{
    return false;
}

void arena_fail_at(long nth)
{
    (void)nth;
}

long arena_fail_item_at(long nth)
{
    (void)nth;
    return 0;
}
#endif

Arena *arena_open(size_t limit_bytes)
{
    CHECK(limit_bytes > 0);
    Arena *arena = calloc(1, sizeof *arena);
    CHECK(arena != NULL);
    arena->limit_bytes = limit_bytes;
    return arena;
}

/* The next block with room for `need` bytes: a kept one, or a new one. */
static Block *block_with_room(Arena *arena, size_t need)
{
    Block *after = arena->current;
    while (after != NULL && after->next != NULL) {
        after = after->next;
        if (after->room_bytes >= need) {
            arena->current = after;
            return after;
        }
    }
    if (block_fails()) return NULL;
    /* with room to spare: who is reset and then asks for a little more each
       time, as a book that grows, shall not leave a block behind each time */
    size_t room = need > BLOCK_BYTES ? need + need / 4 : BLOCK_BYTES;
    Block *block = malloc(sizeof *block + room);
    if (block == NULL) return NULL;
    block->next = NULL;
    block->used_bytes = 0;
    block->room_bytes = room;
    if (after == NULL) {
        arena->blocks = block;
    } else {
        after->next = block;
    }
    arena->current = block;
    return block;
}

static void *refuse(Arena *arena)
{
    arena->refused = true;
    return NULL;
}

static void *take(Arena *arena, size_t count, size_t item_bytes)
{
    size_t align = alignof(max_align_t);
    if (item_bytes != 0 && count > SIZE_MAX / 4 / item_bytes) {
        return refuse(arena);
    }
    size_t bytes = (count * item_bytes + align - 1) & ~(align - 1);
    if (bytes == 0) bytes = align;
    if (bytes > arena->limit_bytes - arena->taken_bytes) return refuse(arena);
    Block *block = arena->current;
    if (block == NULL || block->room_bytes - block->used_bytes < bytes) {
        block = block_with_room(arena, bytes);
        if (block == NULL) return refuse(arena);
    }
    void *item = block->bytes + block->used_bytes;
    block->used_bytes += bytes;
    arena->taken_bytes += bytes;
    return item;
}

static void *take_zeroed(Arena *arena, size_t count, size_t item_bytes)
{
    void *item = take(arena, count, item_bytes);
    if (item != NULL) memset(item, 0, count * item_bytes);
    return item;
}

void *arena_try_raw(Arena *arena, size_t count, size_t item_bytes)
{
    return item_fails() ? refuse(arena) : take(arena, count, item_bytes);
}

void *arena_try(Arena *arena, size_t count, size_t item_bytes)
{
    return item_fails() ? refuse(arena) : take_zeroed(arena, count, item_bytes);
}

void *arena_alloc(Arena *arena, size_t count, size_t item_bytes)
{
    void *item = take_zeroed(arena, count, item_bytes);
    CHECK(item != NULL);
    return item;
}

char *arena_text(Arena *arena, const char *text, size_t bytes)
{
    char *copy = arena_alloc(arena, bytes + 1, 1);
    if (bytes > 0) memcpy(copy, text, bytes);
    return copy;
}

char *arena_format(Arena *arena, const char *format, ...)
{
    CHECK(format != NULL); /* also tells gcc, which warns under sanitizers */
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int bytes = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(bytes >= 0);
    char *text = arena_alloc(arena, (size_t)bytes + 1, 1);
    vsnprintf(text, (size_t)bytes + 1, format, again);
    va_end(again);
    return text;
}

void arena_reset(Arena *arena)
{
    for (Block *block = arena->blocks; block != NULL; block = block->next) {
        block->used_bytes = 0;
    }
    arena->current = arena->blocks;
    arena->taken_bytes = 0;
    arena->refused = false;
}

bool arena_refused(const Arena *arena)
{
    return arena->refused;
}

size_t arena_taken_bytes(const Arena *arena)
{
    return arena->taken_bytes;
}

size_t arena_room_bytes(const Arena *arena)
{
    return arena->limit_bytes - arena->taken_bytes;
}

void arena_close(Arena *arena)
{
    if (arena == NULL) return;
    for (Block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

void arena_closep(Arena **arena)
{
    arena_close(*arena);
    *arena = NULL;
}
