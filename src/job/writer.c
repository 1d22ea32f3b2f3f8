#include "job/writer.h"

#include <pthread.h>
#include <stdlib.h>

enum { POSTGRES_THREADS = 4 };

typedef struct Item {
    WriterChange *change;
    WriterDone *done;
    void *arg;
    Err err;
    Diag diag;
} Item;

typedef struct Lane {
    Writer *writer;
    StoreConn *conn;
    pthread_t thread;
    Item batch[WRITER_BATCH_MAX];
} Lane;

struct Writer {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    Item queue[WRITER_QUEUE_MAX];
    int first, count;
    bool closing;
    Lane *lanes[POSTGRES_THREADS];
    int lane_count;
};

/* Takes what waits, at most a batch; 0 when the queue is closed and empty. */
static int take_batch(Writer *writer, Item *batch)
{
    pthread_mutex_lock(&writer->lock);
    while (writer->count == 0 && !writer->closing) {
        pthread_cond_wait(&writer->filled, &writer->lock);
    }
    int taken = 0;
    while (writer->count > 0 && taken < WRITER_BATCH_MAX) {
        batch[taken++] = writer->queue[writer->first];
        writer->first = (writer->first + 1) % WRITER_QUEUE_MAX;
        writer->count--;
    }
    pthread_mutex_unlock(&writer->lock);
    return taken;
}

/* Runs one change in its savepoint. False: the transaction is lost. */
static bool run_one(StoreConn *conn, Item *item)
{
    if (store_savepoint(conn) != OK) return false;
    item->err = item->change(conn, item->arg, &item->diag);
    if (item->err == OK) item->err = store_flush(conn);
    if (item->err == OK) return store_release(conn) == OK;
    return store_rollback_to(conn) == OK;
}

/* All of a batch in one commit. False: nothing of it is in the database. */
static bool run_batch(StoreConn *conn, Item *batch, int count)
{
    if (store_begin(conn) != OK) return false;
    for (int i = 0; i < count; i++) {
        if (!run_one(conn, &batch[i])) {
            store_rollback(conn);
            return false;
        }
    }
    if (store_commit(conn) == OK) return true;
    store_rollback(conn);
    return false;
}

/* What could not be committed together is tried one by one. */
static void run_alone(StoreConn *conn, Item *item)
{
    item->err = OK;
    item->diag = (Diag){0};
    if (run_batch(conn, item, 1) || item->err != OK) return;
    item->err = ERR_IO;
    diag_set(&item->diag, "writer.failed");
    diag_arg_text(&item->diag, store_error(conn));
}

static void *lane_run(void *arg)
{
    Lane *lane = arg;
    int count;
    while ((count = take_batch(lane->writer, lane->batch)) > 0) {
        if (!run_batch(lane->conn, lane->batch, count)) {
            for (int i = 0; i < count; i++) {
                run_alone(lane->conn, &lane->batch[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            Item *item = &lane->batch[i];
            item->done(item->arg, item->err, &item->diag);
        }
    }
    return NULL;
}

static void lane_close(Lane *lane)
{
    store_conn_close(lane->conn);
    free(lane);
}

static Err lane_open(Writer *writer, Store *store, Diag *diag)
{
    Lane *lane = calloc(1, sizeof *lane);
    if (lane == NULL) return ERR_IO;
    lane->writer = writer;
    Err err = store_writer(store, diag, &lane->conn);
    if (err != OK) {
        free(lane);
        return err;
    }
    if (pthread_create(&lane->thread, NULL, lane_run, lane) != 0) {
        lane_close(lane);
        return ERR_IO;
    }
    writer->lanes[writer->lane_count++] = lane;
    return OK;
}

Err writer_open(Store *store, Diag *diag, Writer **ret)
{
    Writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) return ERR_IO;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->filled, NULL);
    int lanes = store_kind(store) == STORE_SQLITE ? 1 : POSTGRES_THREADS;
    for (int i = 0; i < lanes; i++) {
        Err err = lane_open(writer, store, diag);
        if (err == OK) continue;
        writer_close(writer);
        return err;
    }
    *ret = writer;
    return OK;
}

void writer_close(Writer *writer)
{
    if (writer == NULL) return;
    pthread_mutex_lock(&writer->lock);
    writer->closing = true;
    pthread_cond_broadcast(&writer->filled);
    pthread_mutex_unlock(&writer->lock);
    for (int i = 0; i < writer->lane_count; i++) {
        pthread_join(writer->lanes[i]->thread, NULL);
        lane_close(writer->lanes[i]);
    }
    pthread_cond_destroy(&writer->filled);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

Err writer_submit(Writer *writer, WriterChange *change, WriterDone *done,
                  void *arg)
{
    Err err = ERR_FULL;
    pthread_mutex_lock(&writer->lock);
    if (writer->count < WRITER_QUEUE_MAX && !writer->closing) {
        int place = (writer->first + writer->count++) % WRITER_QUEUE_MAX;
        writer->queue[place] =
            (Item){.change = change, .done = done, .arg = arg};
        pthread_cond_signal(&writer->filled);
        err = OK;
    }
    pthread_mutex_unlock(&writer->lock);
    return err;
}

typedef struct Waiting {
    WriterChange *change;
    void *arg;
    pthread_mutex_t lock;
    pthread_cond_t told;
    bool done;
    Err err;
    Diag diag;
} Waiting;

static Err waiting_change(StoreConn *tx, void *arg, Diag *diag)
{
    Waiting *waiting = arg;
    return waiting->change(tx, waiting->arg, diag);
}

static void waiting_done(void *arg, Err err, const Diag *diag)
{
    Waiting *waiting = arg;
    pthread_mutex_lock(&waiting->lock);
    waiting->err = err;
    waiting->diag = *diag;
    waiting->done = true;
    pthread_cond_signal(&waiting->told);
    pthread_mutex_unlock(&waiting->lock);
}

Err writer_run(Writer *writer, WriterChange *change, void *arg, Diag *diag)
{
    Waiting waiting = {.change = change, .arg = arg};
    pthread_mutex_init(&waiting.lock, NULL);
    pthread_cond_init(&waiting.told, NULL);
    Err err = writer_submit(writer, waiting_change, waiting_done, &waiting);
    if (err == OK) {
        pthread_mutex_lock(&waiting.lock);
        while (!waiting.done) {
            pthread_cond_wait(&waiting.told, &waiting.lock);
        }
        pthread_mutex_unlock(&waiting.lock);
        err = waiting.err;
        if (diag != NULL) *diag = waiting.diag;
    } else {
        diag_set(diag, "writer.full");
    }
    pthread_cond_destroy(&waiting.told);
    pthread_mutex_destroy(&waiting.lock);
    return err;
}

int writer_waiting(Writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    int count = writer->count;
    pthread_mutex_unlock(&writer->lock);
    return count;
}
