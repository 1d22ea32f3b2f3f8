/*
 * desk_record.c - the records of reads, written together.
 *
 * Who reads while another's record is under way to the disk joins the next
 * group: one change of the write queue, one commit and one sync for all who
 * wait by then. Each of them is told when it is durable.
 */
#include <time.h>

#include "web/desk_int.h"

static const double gather_s = 0.0003;

/*
 * Waits a moment while about as many gather as came last time. Who asks alone
 * does not wait; when many ask, each sync is shared by more of them, and all
 * have their answers sooner.
 */
static void gather(DeskReads *reads)
{
    double until_s = clock_wall_s() + gather_s;
    struct timespec until = {.tv_sec = (time_t)until_s};
    until.tv_nsec = (long)((until_s - (double)until.tv_sec) * 1e9);
    int late = 0;
    while (reads->count < reads->wanted && late == 0) {
        late = pthread_cond_timedwait(&reads->gathered, &reads->lock, &until);
    }
    /* follows the crowd as it grows and shrinks */
    reads->wanted = (reads->count * 3 + reads->wanted) / 4;
}

static DeskRead *take_all(DeskReads *reads, bool patient)
{
    pthread_mutex_lock(&reads->lock);
    if (patient) gather(reads);
    DeskRead *first = reads->first;
    reads->first = reads->last = NULL;
    reads->count = 0;
    reads->submitted = false;
    pthread_mutex_unlock(&reads->lock);
    return first;
}

static Err group_change(StoreConn *tx, void *arg, Diag *diag)
{
    DeskGroup *group = arg;
    if (!group->taken) group->first = take_all(&group->desk->reads, true);
    group->taken = true;
    for (DeskRead *read = group->first; read != NULL; read = read->next) {
        TRY(guard_record(tx, &read->record, diag));
    }
    return OK;
}

static void tell(DeskRead *read, Err err)
{
    BackendCall *call = read->call;
    call->done(call->done_arg, err);
}

static void count(DeskReads *reads, const DeskRead *read)
{
    uint64_t number = 0;
    for (; read != NULL; read = read->next) number++;
    atomic_fetch_add(&reads->recorded, number);
    atomic_fetch_add(&reads->groups, 1);
}

static void group_done(void *arg, Err err, const Diag *diag);

/* A group that failed is tried one by one: each answers for itself. */
static void try_alone(Desk *desk, DeskRead *read, Err err)
{
    DeskGroup *group = &read->group;
    *group = (DeskGroup){.desk = desk, .first = read, .taken = true};
    read->next = NULL;
    if (writer_submit(desk->writer, group_change, group_done, group) != OK) {
        tell(read, err);
    }
}

static void group_done(void *arg, Err err, const Diag *diag)
{
    const DeskGroup *group = arg;
    Desk *desk = group->desk;
    DeskRead *read =
        group->taken ? group->first : take_all(&desk->reads, false);
    bool again = err != OK && group->whole && read != NULL;
    (void)diag;
    if (err == OK) count(&desk->reads, read);
    /* whoever is told may end, and the group with him */
    while (read != NULL) {
        DeskRead *next = read->next;
        if (again) {
            try_alone(desk, read, err);
        } else {
            tell(read, err);
        }
        read = next;
    }
}

void desk_record_metrics(Desk *desk, Buf *buf)
{
    const DeskReads *reads = &desk->reads;
    buf_format(buf,
               "# HELP sanad_reads_recorded_total Reads of personal data on "
               "record.\n"
               "# TYPE sanad_reads_recorded_total counter\n"
               "sanad_reads_recorded_total %llu\n"
               "# HELP sanad_read_groups_total Groups they were written in.\n"
               "# TYPE sanad_read_groups_total counter\n"
               "sanad_read_groups_total %llu\n",
               (unsigned long long)atomic_load(&reads->recorded),
               (unsigned long long)atomic_load(&reads->groups));
#ifdef SANAD_BENCH_NO_RECORD
    buf_text(buf, "# benchmark build: reads are not recorded\n");
#endif
}

Err desk_record(Desk *desk, DeskRead *read, Diag *diag)
{
#ifdef SANAD_BENCH_NO_RECORD
    /* For bench/bench_status.sh alone, to tell what records cost. Such a
     * program is never shipped, and serves no real people. */
    CHECK(desk->config.demo);
    return OK;
#endif
    DeskReads *reads = &desk->reads;
    Err err = ERR_FULL;
    read->group = (DeskGroup){.desk = desk, .whole = true};
    pthread_mutex_lock(&reads->lock);
    if (reads->count < WRITER_QUEUE_MAX) {
        if (reads->last != NULL) {
            reads->last->next = read;
        } else {
            reads->first = read;
        }
        reads->last = read;
        if (++reads->count == reads->wanted) {
            pthread_cond_broadcast(&reads->gathered);
        }
        read->call->waiting = true; /* it may be told at any moment now */
        err = OK;
    }
    pthread_mutex_unlock(&reads->lock);
    if (err != OK) diag_set(diag, "writer.full");
    return err;
}

void desk_flush(void *self)
{
    Desk *desk = self;
    DeskReads *reads = &desk->reads;
    DeskRead *first = NULL;
    pthread_mutex_lock(&reads->lock);
    if (!reads->submitted) first = reads->first;
    if (first != NULL) reads->submitted = true;
    pthread_mutex_unlock(&reads->lock);
    if (first == NULL) return;
    Err err =
        writer_submit(desk->writer, group_change, group_done, &first->group);
    if (err == OK) return;
    /* nobody will write the group: all who joined it are told */
    DeskRead *read = take_all(reads, false);
    while (read != NULL) {
        DeskRead *next = read->next;
        tell(read, err);
        read = next;
    }
}
