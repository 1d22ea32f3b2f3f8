/*
 * desk_record.c - the records of reads, written together.
 *
 * Who reads while another's record is under way to the disk joins the next
 * group: one change of the write queue, one commit and one sync for all who
 * wait by then. Each of them is told when it is durable.
 */
#include "web/desk_int.h"

static DeskRead *take_all(DeskReads *reads)
{
    pthread_mutex_lock(&reads->lock);
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
    if (!group->taken) group->first = take_all(&group->desk->reads);
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
    DeskRead *read = group->taken ? group->first : take_all(&desk->reads);
    bool again = err != OK && group->whole && read != NULL;
    (void)diag;
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

/* Nobody will write the group: all who joined it are told. */
static void give_up(Desk *desk, const DeskRead *own, Err err)
{
    DeskRead *read = take_all(&desk->reads);
    while (read != NULL) {
        DeskRead *next = read->next;
        if (read != own) tell(read, err);
        read = next;
    }
}

/* Joins the group that gathers. */
static Err join(DeskReads *reads, DeskRead *read, bool *ret_first)
{
    Err err = ERR_FULL;
    pthread_mutex_lock(&reads->lock);
    if (reads->count < WRITER_QUEUE_MAX) {
        if (reads->last != NULL) {
            reads->last->next = read;
        } else {
            reads->first = read;
        }
        reads->last = read;
        reads->count++;
        *ret_first = !reads->submitted;
        reads->submitted = true;
        err = OK;
    }
    pthread_mutex_unlock(&reads->lock);
    return err;
}

Err desk_record(Desk *desk, DeskRead *read, Diag *diag)
{
    bool first = false;
    DeskGroup *group = &read->group;
    *group = (DeskGroup){.desk = desk, .whole = true};
    BackendCall *call = read->call;
    call->waiting = true;
    Err err = join(&desk->reads, read, &first);
    /* from here on a read that is not the first may be told at any moment */
    if (err == OK && !first) return OK;
    if (err == OK) {
        err = writer_submit(desk->writer, group_change, group_done, group);
        if (err == OK) return OK;
        give_up(desk, read, err);
    }
    call->waiting = false;
    diag_set(diag, "writer.full");
    return err;
}
