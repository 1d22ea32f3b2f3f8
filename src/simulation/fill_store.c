/* A snapshot of what a database knows. */
#include <pthread.h>
#include <stdlib.h>

#include "registry/settle.h"
#include "simulation/fill_int.h"

enum { PAGE_ARENA_BYTES_MB = 4096, HISTORY_BYTES_MAX = 1 << 30 };

/* A household of the block at hand. */
typedef struct Row {
    int64_t id;
    Str book;
    Month settled;
    InputRecord record; /* of that month */
} Row;

typedef struct StoreFilling {
    Filling filling;
    pthread_mutex_t lock; /* of what follows: books are read in turns */
    StoreConn *conn;
    int64_t after;       /* the last household that was read */
    int32_t next_number; /* of a block */
    bool at_end;
} StoreFilling;

typedef struct Worker {
    StoreFilling *all;
    SnapshotFill *fill;
    Arena *books, *records;
    Row *rows;
    int32_t row_count;
    int32_t number; /* of its block */
    Buf history;
    Diag *diag;
} Worker;

/* The books of the next block. Under the lock. */
static Err read_books(Worker *w)
{
    StoreFilling *all = w->all;
    bool row = true;
    w->row_count = 0;
    if (all->at_end || all->filling.stopped) return OK;
    StoreStmt *stmt = store_query(all->conn, Q_BOOK_PAGE);
    store_bind_int(stmt, 1, all->after);
    store_bind_int(stmt, 2, SNAPSHOT_BLOCK);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row || w->row_count == SNAPSHOT_BLOCK) break;
        Row *at = &w->rows[w->row_count];
        at->id = store_int(stmt, 0);
        if (!str_try(w->books, store_bytes(stmt, 2), &at->book))
            return ERR_FULL;
        all->after = at->id;
        w->row_count++;
    }
    store_reset(stmt);
    all->at_end = w->row_count < SNAPSHOT_BLOCK;
    w->number = all->next_number++;
    return OK;
}

static int by_settled(const void *left, const void *right)
{
    const Row *a = left, *b = right;
    if (a->settled != b->settled) return a->settled < b->settled ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static Err bad_book(Worker *w, const Row *row)
{
    diag_set(w->diag, "snapshot.book");
    diag_arg_int(w->diag, row->id);
    return ERR_INVALID;
}

/* One whose record is not the same in each month keeps its history. */
static Err settle(Worker *w)
{
    const FactColumns *facts = w->all->filling.facts;
    arena_reset(w->records);
    for (int32_t i = 0; i < w->row_count; i++) {
        Row *row = &w->rows[i];
        if (book_settled(facts->catalogue, row->book, FACTS_FIRST_MONTH,
                         &row->settled) != OK) {
            return bad_book(w, row);
        }
        Err err = record_project(w->records, facts->catalogue, row->id,
                                 row->book, row->settled, &row->record);
        if (err != OK) return err == ERR_FULL ? err : bad_book(w, row);
        if (!facts_fit(facts, &row->record)) row->settled = FACTS_NEVER;
    }
    qsort(w->rows, (size_t)w->row_count, sizeof *w->rows, by_settled);
    return OK;
}

static Err put(Worker *w, const Row *row)
{
    Filling *f = &w->all->filling;
    const InputRecord *record = &row->record;
    buf_reset(&w->history);
    if (row->settled > FACTS_FIRST_MONTH) {
        if (book_history(f->facts->catalogue, row->book, &w->history) != OK) {
            return bad_book(w, row);
        }
        if (buf_full(&w->history)) return ERR_FULL;
        f->changing++;
    }
    f->persons += row->settled == FACTS_NEVER ? 0 : record->member_count;
    facts_put(f->facts, w->fill, record, row->settled, buf_view(&w->history));
    return OK;
}

static Err fill_blocks(Worker *w, int32_t thread)
{
    Filling *f = &w->all->filling;
    for (;;) {
        arena_reset(w->books);
        pthread_mutex_lock(&w->all->lock);
        Err err = read_books(w);
        pthread_mutex_unlock(&w->all->lock);
        if (err == OK && w->row_count == 0) return OK;
        if (err == OK) err = settle(w);
        for (int32_t i = 0; err == OK && i < w->row_count; i++) {
            err = put(w, &w->rows[i]);
        }
        if (err == OK) err = snapshot_fill_block(w->fill, w->number);
        if (err == OK) err = filling_count(f, thread, w->row_count);
        if (err != OK) {
            f->stopped = true;
            return err;
        }
    }
}

static Err work(void *arg, int32_t number, Diag *diag)
{
    StoreFilling *all = arg;
    size_t bytes = (size_t)PAGE_ARENA_BYTES_MB << 20;
    Worker w = {.all = all,
                .diag = diag,
                .books = arena_open(bytes),
                .records = arena_open(bytes),
                .history = buf_make(HISTORY_BYTES_MAX)};
    Err err = ERR_FULL;
    if (w.books != NULL && w.records != NULL) {
        w.fill = snapshot_fill_open(all->filling.writer);
        Arena *own CLEANUP(arena_closep) = arena_open((size_t)4 << 20);
        w.rows =
            own == NULL ? NULL : arena_try(own, SNAPSHOT_BLOCK, sizeof *w.rows);
        if (w.fill != NULL && w.rows != NULL) err = fill_blocks(&w, number);
    }
    if (err != OK) all->filling.stopped = true;
    if (err == ERR_FULL) err = filling_full(diag);
    if ((err == ERR_IO || err == ERR_BUSY) && diag->key[0] == '\0') {
        pthread_mutex_lock(&all->lock);
        store_diag(all->conn, diag);
        pthread_mutex_unlock(&all->lock);
    }
    buf_free(&w.history);
    arena_close(w.books);
    arena_close(w.records);
    return err;
}

static Err count_households(StoreFilling *all)
{
    bool row;
    StoreStmt *stmt = store_query(all->conn, Q_BOOK_COUNT);
    TRY(store_step(stmt, &row));
    all->filling.all = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    return OK;
}

static Err fill_all(StoreFilling *all, Diag *diag, SnapshotReport *ret)
{
    Err err = store_begin(all->conn);
    if (err == OK) err = count_households(all);
    if (err != OK) {
        store_diag(all->conn, diag);
        return err;
    }
    err = team_run(all->filling.job->threads, work, all, diag);
    store_rollback(all->conn);
    return err == OK ? filling_end(&all->filling, diag, ret) : err;
}

Err snapshot_from_store(const SnapshotJob *job, Store *store, Diag *diag,
                        SnapshotReport *ret)
{
    StoreFilling all = {.after = -1};
    TRY(store_reader(store, diag, &all.conn));
    Err err = filling_open(&all.filling, job, diag);
    if (err == OK) {
        pthread_mutex_init(&all.lock, NULL);
        err = fill_all(&all, diag, ret);
        pthread_mutex_destroy(&all.lock);
        filling_close(&all.filling);
    }
    store_conn_close(all.conn);
    return err;
}
