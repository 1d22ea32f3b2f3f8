#include <pthread.h>
#include <stdlib.h>

#include "codec/bytes.h"
#include "decision/columns_int.h"
#include "decision/decision_int.h"
#include "decision/determine_int.h"

enum {
    PAGE_ARENA_BYTES = 256 << 20,
    BOOKS_BYTES_MAX = 16 << 20, /* read for one page; the last may go beyond */
    WHY_BYTES = 1 << 12,
    PAGES_MAX = 2 * DETERMINE_THREADS_MAX + 2
};

typedef struct Worker {
    Workers *workers;
    StoreConn *conn; /* for decisions in force */
    Decider *decider;
    DecisionColumns *columns; /* NULL: the model is not to be lowered */
    InputRecord record[PAGE_ROWS];
    ColumnLane lane[PAGE_ROWS];
    pthread_t thread;
    bool started;
} Worker;

struct Workers {
    const Determine *job;
    int64_t run_id;
    pthread_mutex_t lock;
    pthread_cond_t moved; /* a page was filled, taken or given back */
    StoreConn *books;     /* read under the lock, page after page */
    int64_t after;        /* last household read */
    int64_t next_number;  /* of the page to read */
    int64_t next_taken;   /* number of the page that is handed out next */
    bool at_end, stopping;
    Page *spare[PAGES_MAX];
    int spare_count;
    Page *ready[PAGES_MAX];
    int ready_count;
    int reading; /* workers that hold a page */
    Worker worker[DETERMINE_THREADS_MAX];
};

/* Reads the next page of books. Under the lock. */
static Err read_books(Workers *workers, Page *page)
{
    bool row;
    StoreStmt *stmt = store_query(workers->books, Q_BOOK_PAGE);
    store_bind_int(stmt, 1, workers->after);
    store_bind_int(stmt, 2, PAGE_ROWS);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row || page->row_count == PAGE_ROWS) break;
        if (arena_taken_bytes(page->arena) > BOOKS_BYTES_MAX) break;
        PageRow *at = &page->row[page->row_count++];
        at->household_id = store_int(stmt, 0);
        at->version = store_int(stmt, 1);
        at->book = str_copy(page->arena, store_bytes(stmt, 2));
        at->has_in_force = false;
        at->in_force.run_id = 0;
    }
    store_reset(stmt);
    if (page->row_count > 0) {
        workers->after = page->row[page->row_count - 1].household_id;
    }
    return OK;
}

/* The decisions in force for the households of a page. */
static Err read_decisions(const Determine *job, StoreConn *conn, Page *page)
{
    bool row;
    int32_t at = 0;
    StoreStmt *stmt = store_query(conn, Q_DECISION_SCAN);
    store_bind_int(stmt, 1, page->row[0].household_id);
    store_bind_int(stmt, 2, page->row[page->row_count - 1].household_id);
    store_bind_text(stmt, 3, str_of(job->programme->name));
    store_bind_int(stmt, 4, job->month);
    for (;;) {
        TRY(store_step(stmt, &row));
        if (!row) break;
        int64_t household_id = store_int(stmt, 0);
        while (at < page->row_count &&
               page->row[at].household_id < household_id) {
            at++;
        }
        if (at == page->row_count) continue;
        if (page->row[at].household_id != household_id) continue;
        decision_read(stmt, 1, household_id, &page->row[at].in_force);
        page->row[at].has_in_force = true; /* the last one wins */
    }
    store_reset(stmt);
    return OK;
}

void page_row_judge(PageRow *row, int64_t run_id)
{
    row->counts = row->members > 0;
    row->changed = row->has_in_force
                       ? decision_differs(&row->in_force, &row->found)
                       : row->members > 0;
    row->from_run = !row->changed && row->in_force.run_id == run_id;
    const Decision *holds = row->changed ? &row->found : &row->in_force;
    row->leaf = run_leaf(holds);
}

static Err decide_page(Worker *worker, Page *page)
{
    const Determine *job = worker->workers->job;
    TRY(read_decisions(job, worker->conn, page));
    for (int32_t i = 0; i < page->row_count; i++) {
        PageRow *row = &page->row[i];
        TRY(decision_project(worker->decider, page->arena, row->household_id,
                             row->version, row->book, job->month, &page->diag,
                             &row->found, &worker->record[i], &row->input));
        row->members = worker->record[i].member_count;
        worker->lane[i] =
            (ColumnLane){&worker->record[i], &row->found.verdict, false};
    }
    if (worker->columns != NULL) {
        decision_columns_decide(worker->columns, worker->lane, page->row_count);
    }
    for (int32_t i = 0; i < page->row_count; i++) {
        PageRow *row = &page->row[i];
        if (row->members > 0 && !worker->lane[i].decided) {
            TRY(decider_decide(worker->decider, &worker->record[i], job->month,
                               &page->diag, &row->found.verdict));
        }
        page_row_judge(row, worker->workers->run_id);
    }
    return OK;
}

/* Takes a spare page and fills it with the next books; NULL at the end. */
static Page *begin_page(Workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    while (workers->spare_count == 0 && !workers->stopping &&
           !workers->at_end) {
        pthread_cond_wait(&workers->moved, &workers->lock);
    }
    Page *page = NULL;
    if (!workers->stopping && !workers->at_end) {
        page = workers->spare[--workers->spare_count];
        arena_reset(page->arena);
        page->row_count = 0;
        page->diag.key[0] = '\0';
        page->number = workers->next_number++;
        page->err = read_books(workers, page);
        workers->at_end = page->row_count == 0 || page->err != OK;
        workers->reading++;
    }
    pthread_mutex_unlock(&workers->lock);
    return page;
}

static void end_page(Workers *workers, Page *page)
{
    pthread_mutex_lock(&workers->lock);
    workers->ready[workers->ready_count++] = page;
    workers->reading--;
    pthread_cond_broadcast(&workers->moved);
    pthread_mutex_unlock(&workers->lock);
}

static void *worker_run(void *arg)
{
    Worker *worker = arg;
    Page *page;
    while ((page = begin_page(worker->workers)) != NULL) {
        if (page->err == OK && page->row_count > 0) {
            page->err = decide_page(worker, page);
        }
        end_page(worker->workers, page);
    }
    return NULL;
}

Page *workers_take(Workers *workers)
{
    Page *page = NULL;
    pthread_mutex_lock(&workers->lock);
    for (;;) {
        for (int i = 0; i < workers->ready_count; i++) {
            if (workers->ready[i]->number != workers->next_taken) continue;
            page = workers->ready[i];
            workers->ready[i] = workers->ready[--workers->ready_count];
        }
        if (page != NULL) break;
        if (workers->at_end && workers->reading == 0) break;
        pthread_cond_wait(&workers->moved, &workers->lock);
    }
    workers->next_taken++;
    pthread_mutex_unlock(&workers->lock);
    return page;
}

void workers_return(Workers *workers, Page *page)
{
    pthread_mutex_lock(&workers->lock);
    workers->spare[workers->spare_count++] = page;
    pthread_cond_broadcast(&workers->moved);
    pthread_mutex_unlock(&workers->lock);
}

static Err worker_open(Workers *workers, Worker *worker, Diag *diag)
{
    const Determine *job = workers->job;
    worker->workers = workers;
    TRY(store_reader(job->store, diag, &worker->conn));
    TRY(decider_open(job->pack, job->programme, diag, &worker->decider));
    Buf why = buf_make(WHY_BYTES);
    Err err = decision_columns_open(worker->decider, job->month, &why,
                                    &worker->columns);
    buf_free(&why);
    TRY(err);
    worker->started =
        pthread_create(&worker->thread, NULL, worker_run, worker) == 0;
    return worker->started ? OK : ERR_IO;
}

static Err open_all(Workers *workers, Diag *diag)
{
    const Determine *job = workers->job;
    int pages = 2 * job->threads + 2;
    CHECK(job->threads >= 1 && job->threads <= DETERMINE_THREADS_MAX);
    TRY(store_reader(job->store, diag, &workers->books));
    for (int i = 0; i < pages; i++) {
        Page *page = calloc(1, sizeof *page);
        if (page == NULL) return ERR_FULL;
        page->arena = arena_open(PAGE_ARENA_BYTES);
        workers->spare[workers->spare_count++] = page;
    }
    for (int i = 0; i < job->threads; i++) {
        TRY(worker_open(workers, &workers->worker[i], diag));
    }
    return OK;
}

Err workers_open(const Determine *job, int64_t run_id, Diag *diag,
                 Workers **ret)
{
    Workers *workers = calloc(1, sizeof *workers);
    if (workers == NULL) return ERR_FULL;
    workers->job = job;
    workers->run_id = run_id;
    workers->after = -1; /* ids count from 0 */
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->moved, NULL);
    Err err = open_all(workers, diag);
    if (err != OK) {
        workers_close(workers);
        return err;
    }
    *ret = workers;
    return OK;
}

static void page_close(Page *page)
{
    arena_close(page->arena);
    free(page);
}

void workers_close(Workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    workers->stopping = true;
    pthread_cond_broadcast(&workers->moved);
    pthread_mutex_unlock(&workers->lock);
    for (int i = 0; i < DETERMINE_THREADS_MAX; i++) {
        Worker *worker = &workers->worker[i];
        if (worker->started) pthread_join(worker->thread, NULL);
        decision_columns_close(worker->columns);
        decider_close(worker->decider);
        if (worker->conn != NULL) store_conn_close(worker->conn);
    }
    if (workers->books != NULL) store_conn_close(workers->books);
    while (workers->spare_count > 0) {
        page_close(workers->spare[--workers->spare_count]);
    }
    while (workers->ready_count > 0) {
        page_close(workers->ready[--workers->ready_count]);
    }
    pthread_cond_destroy(&workers->moved);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
