#include "decision/determine.h"

#include "audit/audit.h"
#include "codec/bytes.h"
#include "codec/json.h"
#include "decision/determine_int.h"
#include "store/beside.h"

/* Of which there is one at a time: each looks at what is decided already. */
enum { DETERMINE_JOB = 20260103 };

static const double slice_s = 0.05; /* so that people never wait long */

typedef struct Run {
    const Determine *job;
    Workers *workers;
    Decider *decider; /* for households that changed while being decided */
    Deciders *later_deciders; /* for months behind this one */
    RunReport report;
    MerkleRoot tree;
    Instant started_at;
    int64_t all; /* households, for progress */
    bool exists; /* the run has its row */
    bool kept;   /* it wrote more than that, now or before an interruption */
    bool open;   /* a transaction is open */
    bool doubt;  /* a commit failed that may have come through */
    bool inputs_new;
    bool later; /* a later month was determined already */
    double slice_began_s;
} Run;

static Err count_row(Run *run, const PageRow *row)
{
    RunReport *report = &run->report;
    if (!row->has_in_force && !row->counts) return OK;
    merkle_append_hash(&run->tree, &row->leaf);
    report->changed += row->changed || row->from_run;
    if (!row->counts) return OK;
    report->persons += row->members;
    return run_count(report, &row->found.verdict);
}

/* The open run of this month and pack, if one was interrupted. */
static Err find_open_run(Run *run)
{
    const Determine *job = run->job;
    bool row;
    StoreStmt *stmt = store_query(job->writer, Q_RUN_OPEN);
    store_bind_text(stmt, 1, str_of(job->programme->name));
    store_bind_int(stmt, 2, job->month);
    store_bind_int(stmt, 3, job->pack->id);
    TRY(store_step(stmt, &row));
    run->exists = run->kept = row;
    run->report.run_id = row ? store_int(stmt, 0) : store_new_id(job->store);
    run->started_at = row ? store_int(stmt, 1) : clock_now();
    store_reset(stmt);
    stmt = store_query(job->writer, Q_DECISION_ANY);
    TRY(store_step(stmt, &row));
    run->inputs_new = row && store_int(stmt, 0) == 0;
    store_reset(stmt);
    stmt = store_query(job->writer, Q_RUN_NEXT);
    store_bind_text(stmt, 1, str_of(job->programme->name));
    store_bind_int(stmt, 2, job->month);
    TRY(store_step(stmt, &row));
    run->later = row && !store_is_null(stmt, 0);
    store_reset(stmt);
    stmt = store_query(job->writer, Q_BOOK_COUNT);
    TRY(store_step(stmt, &row));
    run->all = row ? store_int(stmt, 0) : 0;
    store_reset(stmt);
    return OK;
}

static Err keep_run(Run *run)
{
    const Determine *job = run->job;
    if (run->exists) return OK;
    TRY(pack_keep(job->writer, job->pack, run->started_at));
    StoreStmt *stmt = store_query(job->writer, Q_RUN_INSERT);
    store_bind_int(stmt, 1, run->report.run_id);
    store_bind_text(stmt, 2, str_of(job->programme->name));
    store_bind_int(stmt, 3, job->month);
    store_bind_int(stmt, 4, job->pack->id);
    store_bind_int(stmt, 5, run->started_at);
    store_bind_bytes(stmt, 6, STR(""));
    TRY(store_exec(stmt, NULL));
    run->exists = true;
    return OK;
}

/* An open run of the month by a law that does not hold there any more: nobody
 * goes on with it, and while it is open no version can be published. Who
 * determines is alone, so that it is nobody's. */
static Err end_others(const Run *run)
{
    const Determine *job = run->job;
    StoreStmt *stmt = store_query(job->writer, Q_RUN_GIVE_UP);
    store_bind_text(stmt, 1, str_of(job->programme->name));
    store_bind_int(stmt, 2, job->month);
    store_bind_int(stmt, 3, job->pack->id);
    return store_exec(stmt, NULL);
}

static const Pack *base_of(const Determine *job)
{
    return job->base == NULL ? job->pack : job->base;
}

/* Whether the pack still holds in the month; from here to the end of the
 * transaction nobody publishes another. */
static Err law_is_the_same(const Run *run, Diag *diag)
{
    const Determine *job = run->job;
    int64_t pack_id;
    TRY(law_turn(job->writer));
    TRY(law_at(job->writer, job->month, &pack_id));
    if (pack_id == 0) pack_id = base_of(job)->id;
    if (pack_id == job->pack->id) return OK;
    diag_set(diag, "determine.other_law");
    return ERR_CONFLICT;
}

/*
 * Tells others that the month is being determined, before a household of it is
 * read: what becomes known from now on is decided for this month by whoever
 * keeps it, and what became known before is read.
 */
static Err announce(Run *run, Diag *diag)
{
    StoreConn *writer = run->job->writer;
    TRY(store_begin(writer));
    Err err = law_is_the_same(run, diag);
    if (err == OK) err = keep_run(run);
    if (err == OK) err = end_others(run);
    if (err == OK) err = store_commit(writer);
    if (err == OK) return store_barrier(writer);
    store_rollback(writer);
    return err;
}

static Err open_slice(Run *run)
{
    if (run->open) return OK;
    TRY(store_begin(run->job->writer));
    run->open = true;
    run->slice_began_s = clock_wall_s();
    return OK;
}

/* A run that found what the last one found leaves nothing behind. */
static Err forget_run(Run *run, int64_t announced_id)
{
    TRY(open_slice(run));
    StoreStmt *stmt = store_query(run->job->writer, Q_RUN_DELETE);
    store_bind_int(stmt, 1, announced_id);
    return store_exec(stmt, NULL);
}

static Err close_slice(Run *run)
{
    if (!run->open) return OK;
    Err err = store_commit(run->job->writer);
    if (err != OK) { /* a rollback is still due */
        Diag why;
        store_diag(run->job->writer, &why);
        run->doubt = strcmp(why.key, "store.commit_unknown") == 0;
        return err;
    }
    run->open = false;
    run->kept = true;
    return OK;
}

/* Decides a household once more, because it changed after it was read. */
static Err decide_anew(Run *run, Page *page, PageRow *row)
{
    const Determine *job = run->job;
    TRY(registry_book(job->writer, page->arena, row->household_id,
                      &row->version, &row->book));
    TRY(decision_find(run->decider, page->arena, row->household_id,
                      row->version, row->book, job->month, &page->diag,
                      &row->found, &row->input, &row->members));
    Err err = decision_at(job->writer, job->programme->name, row->household_id,
                          job->month, &row->in_force);
    if (err != OK && err != ERR_NOT_FOUND) return err;
    row->has_in_force = err == OK;
    page_row_judge(row, run->report.run_id);
    return OK;
}

/* Finds the households of a page that are no longer as they were read. */
static Err check_versions(Run *run, Page *page)
{
    bool more;
    int32_t at = 0, stale[PAGE_ROWS], stale_count = 0;
    StoreStmt *stmt = store_query(run->job->writer, Q_VERSION_PAGE);
    store_bind_int(stmt, 1, page->row[0].household_id);
    store_bind_int(stmt, 2, page->row[page->row_count - 1].household_id);
    for (;;) {
        TRY(store_step(stmt, &more));
        if (!more) break;
        int64_t household_id = store_int(stmt, 0);
        while (at < page->row_count &&
               page->row[at].household_id < household_id) {
            at++;
        }
        if (at < page->row_count &&
            page->row[at].household_id == household_id &&
            page->row[at].version != store_int(stmt, 1)) {
            stale[stale_count++] = at;
        }
    }
    store_reset(stmt);
    for (int32_t i = 0; i < stale_count; i++) {
        TRY(decide_anew(run, page, &page->row[stale[i]]));
    }
    return OK;
}

static Err keep_row(Run *run, PageRow *row, Instant now)
{
    const Determine *job = run->job;
    row->found.id =
        decision_new_id(job->store, row->has_in_force ? &row->in_force : NULL);
    row->found.run_id = run->report.run_id;
    row->found.decided_at = now;
    TRY(decision_keep(job->writer, job->programme->name, &row->found,
                      row->input, run->inputs_new));
    if (!run->later) return OK;
    /* months decided after this one may have rested on the row before, or on
       none where nobody lived there then */
    int32_t later;
    return decision_redetermine(
        job->writer, job->store, run->later_deciders, job->programme->name,
        row->household_id, month_first_day(job->month + 1), now, NULL, &later);
}

static Err keep_page(Run *run, Page *page)
{
    bool any = false;
    for (int32_t i = 0; i < page->row_count; i++) any |= page->row[i].changed;
    if (any) {
        TRY(open_slice(run));
        TRY(check_versions(run, page));
    }
    Instant now = clock_now();
    for (int32_t i = 0; i < page->row_count; i++) {
        PageRow *row = &page->row[i];
        if (row->changed) TRY(keep_row(run, row, now));
        TRY(count_row(run, row));
    }
    if (run->open && clock_wall_s() - run->slice_began_s >= slice_s) {
        TRY(close_slice(run));
    }
    return OK;
}

static Err keep_pages(Run *run, Diag *diag)
{
    const Determine *job = run->job;
    int64_t done = 0;
    Page *page;
    while ((page = workers_take(run->workers)) != NULL) {
        Err err = page->err == OK ? keep_page(run, page) : page->err;
        done += page->row_count;
        if (err != OK) *diag = page->diag;
        workers_return(run->workers, page);
        if (err != OK) return err;
        if (job->progress != NULL && !job->progress(job->arg, done, run->all)) {
            return ERR_STOPPED;
        }
    }
    return OK;
}

void determine_refused_json(const RunReport *report, Buf *buf)
{
    JsonOut out = json_out_make(buf);
    json_out_object(&out);
    for (int32_t i = 0; i < report->refusal_count; i++) {
        json_out_key(&out, report->refused[i].reason);
        json_out_int(&out, report->refused[i].households);
    }
    json_out_object_end(&out);
}

/* Whether the last closed run of the month found the very same. */
static Err same_as_last(Run *run, bool *ret_same)
{
    const Determine *job = run->job;
    bool row;
    StoreStmt *stmt = store_query(job->writer, Q_RUN_LAST);
    store_bind_text(stmt, 1, str_of(job->programme->name));
    store_bind_int(stmt, 2, job->month);
    TRY(store_step(stmt, &row));
    *ret_same = row && store_int(stmt, 1) == job->pack->id &&
                str_equal(store_bytes(stmt, 9), hash_str(&run->report.root));
    if (*ret_same) run->report.run_id = store_int(stmt, 0);
    store_reset(stmt);
    return OK;
}

static Err close_run(Run *run)
{
    const Determine *job = run->job;
    RunReport *report = &run->report;
    bool same = false;
    report->root = merkle_root(&run->tree);
    int64_t announced_id = report->run_id;
    if (!run->kept && !run->open) TRY(same_as_last(run, &same));
    if (same) TRY(forget_run(run, announced_id));
    if (same) return close_slice(run);
    TRY(open_slice(run));
    Buf refused = buf_make(1 << 16);
    determine_refused_json(report, &refused);
    StoreStmt *stmt = store_query(job->writer, Q_RUN_CLOSE);
    store_bind_int(stmt, 1, report->run_id);
    store_bind_int(stmt, 2, clock_now());
    store_bind_int(stmt, 3, report->households);
    store_bind_int(stmt, 4, report->persons);
    store_bind_int(stmt, 5, report->changed);
    store_bind_int(stmt, 6, report->eligible);
    store_bind_text(stmt, 7, buf_view(&refused));
    store_bind_int(stmt, 8, report->amount_minor);
    store_bind_bytes(stmt, 9, hash_str(&report->root));
    int64_t closed = 0;
    Err err = store_exec(stmt, &closed);
    if (err == OK && closed != 1) err = ERR_CONFLICT;
    buf_reset(&refused);
    bytes_put_int(&refused, report->run_id);
    bytes_put_str(&refused, str_of(job->programme->name));
    bytes_put_int(&refused, job->month);
    bytes_put_int(&refused, report->households);
    bytes_put_int(&refused, report->amount_minor);
    buf_str(&refused, hash_str(&report->root));
    if (err == OK) {
        err = audit_leaf(job->writer, AUDIT_NO_HOUSEHOLD, "run",
                         buf_view(&refused));
    }
    buf_free(&refused);
    return err == OK ? close_slice(run) : err;
}

/*
 * Undoes what is not committed. Was nothing committed for certain, then nobody
 * shall go on deciding for the month; when that cannot be written either, the
 * next determine() goes on with the run.
 */
static void give_up(Run *run)
{
    StoreConn *writer = run->job->writer;
    if (run->open) store_rollback(writer);
    run->open = false;
    if (run->kept || run->doubt) return;
    Err err = forget_run(run, run->report.run_id);
    if (err == OK) err = close_slice(run);
    if (err != OK && run->open) store_rollback(writer);
}

static Err determine_alone(const Determine *job, Diag *diag, RunReport *ret)
{
    Run run = {.job = job};
    TRY(find_open_run(&run));
    TRY(decider_open(job->pack, job->programme, diag, &run.decider));
    Err err = announce(&run, diag);
    if (err == OK && run.later) {
        err = deciders_open(base_of(job), diag, &run.later_deciders);
    }
    if (err == OK) {
        err = workers_open(job, run.report.run_id, diag, &run.workers);
    }
    if (err == OK) {
        err = keep_pages(&run, diag);
        workers_close(run.workers);
    }
    if (err == OK) err = close_run(&run);
    if (err != OK) give_up(&run);
    decider_close(run.decider);
    deciders_close(run.later_deciders);
    if (err == OK) *ret = run.report;
    bool untold = err != OK && err != ERR_STOPPED && diag->key[0] == '\0';
    if (untold && (err == ERR_IO || err == ERR_BUSY)) {
        store_diag(job->writer, diag);
    } else if (untold) {
        diag_set(diag, "determine.failed");
        diag_arg_text(diag, store_error(job->writer));
    }
    return err;
}

Err determine(const Determine *job, Diag *diag, RunReport *ret)
{
    bool mine;
    TRY(store_job_begin(job->writer, DETERMINE_JOB, &mine));
    if (!mine) {
        diag_set(diag, "determine.running");
        return ERR_BUSY;
    }
    Err err = determine_alone(job, diag, ret);
    store_job_end(job->writer, DETERMINE_JOB);
    return err;
}
