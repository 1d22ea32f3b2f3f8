#include "simulation/fill_int.h"

enum { ARENA_BYTES = 16 << 20 };

Err filling_full(Diag *diag)
{
    diag_set(diag, "snapshot.memory");
    return ERR_FULL;
}

Err filling_open(Filling *f, const SnapshotJob *job, Diag *diag)
{
    *f = (Filling){.job = job, .arena = arena_open(ARENA_BYTES)};
    if (f->arena == NULL) return filling_full(diag);
    Err err = facts_make(f->arena, job->catalogue, &f->facts);
    if (err == OK) {
        err =
            snapshot_writer_open(f->facts->kind, f->facts->count,
                                 FACTS_FIRST_MONTH, f->facts->name, &f->writer);
    }
    if (err == OK) return OK;
    filling_close(f);
    return filling_full(diag);
}

void filling_close(Filling *f)
{
    snapshot_writer_close(f->writer);
    arena_close(f->arena);
    f->writer = NULL;
    f->arena = NULL;
}

Err filling_count(Filling *f, int32_t thread, int32_t households)
{
    int64_t done = atomic_fetch_add(&f->done, households) + households;
    if (thread == 0 && f->job->progress != NULL &&
        !f->job->progress(f->job->arg, done, f->all)) {
        f->stopped = true;
    }
    return f->stopped ? ERR_STOPPED : OK;
}

Err filling_end(Filling *f, Diag *diag, SnapshotReport *ret)
{
    *ret = (SnapshotReport){f->done, f->persons, f->changing};
    if (ret->households == 0) {
        diag_set(diag, "snapshot.nobody");
        return ERR_NOT_FOUND;
    }
    Err err = snapshot_writer_file(f->writer, f->job->out, diag);
    return err == ERR_FULL ? filling_full(diag) : err;
}
