/*
 * arena.h - memory that lives and dies together.
 *
 * Every value in the program belongs to an arena, and there are only three
 * kinds of life: the process, a job (one run over the population) and a
 * request. A function that makes something takes the arena to make it in;
 * nobody frees a value. Freeing the arena frees them all.
 *
 * An arena is used by one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

typedef struct Arena Arena;

/*
 * Opens an arena that may grow to `limit_bytes`.
 *
 * owns   the caller, who closes it with arena_close().
 */
NODISCARD Arena *arena_open(size_t limit_bytes);

/*
 * Gives `count` zeroed items of `item_bytes` each, aligned for any type.
 * Never returns NULL: for uses whose size is bounded by checked input. An
 * arena at its limit is then a fault of ours, and CHECK() says so.
 */
void *arena_alloc(Arena *arena, size_t count, size_t item_bytes);

/*
 * As arena_alloc(), but NULL when the limit is reached or the system has no
 * memory: for evaluation, whose size depends on models and facts.
 */
NODISCARD void *arena_try(Arena *arena, size_t count, size_t item_bytes);

/*
 * As arena_try(), but the bytes are not zeroed: for hot paths that write
 * every byte themselves.
 */
NODISCARD void *arena_try_raw(Arena *arena, size_t count, size_t item_bytes);

/* A zero-terminated copy of `bytes` bytes at `text`. */
char *arena_text(Arena *arena, const char *text, size_t bytes);

/* A formatted, zero-terminated text. */
char *arena_format(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* Forgets everything in the arena and keeps its blocks for the next use. */
void arena_reset(Arena *arena);

/* Bytes handed out since the arena was opened or reset. */
size_t arena_taken_bytes(const Arena *arena);

/* Bytes that it may still hand out. */
size_t arena_room_bytes(const Arena *arena);

/*
 * Whether a request was refused since the arena was opened or reset: what
 * was made in it may then lack something, and must not pass for an answer.
 */
bool arena_refused(const Arena *arena);

/* Frees the arena and all that is in it. NULL is allowed. */
void arena_close(Arena *arena);

/* For `Arena *a CLEANUP(arena_closep) = ...;`. */
void arena_closep(Arena **arena);

/*
 * In test builds only (-DSANAD_TORTURE): makes the n-th block request from
 * now fail, counted from 1; 0 switches it off.
 */
void arena_fail_at(long nth);

/*
 * The same of the n-th request of those who can do without, arena_try() and
 * arena_try_raw(). Returns what was left of the count before: 0 when it has
 * failed, or was off.
 */
long arena_fail_item_at(long nth);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count)                                        \
    ((type *)arena_alloc((arena), (size_t)(count), sizeof(type)))
#define ARENA_TRY_NEW(arena, type) ((type *)arena_try((arena), 1, sizeof(type)))
#define ARENA_TRY_ARRAY(arena, type, count)                                    \
    ((type *)arena_try((arena), (size_t)(count), sizeof(type)))

#endif
