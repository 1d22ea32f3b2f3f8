/*
 * cmd_determine.c - sanad determine: decide every household of a month.
 */
#include <unistd.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "cli/progress.h"
#include "codec/json.h"
#include "decision/determine.h"
#include "text/calendar.h"

/* The reasons that every report shows, in the order of the contract. */
static const char *const usual_reasons[] = {"nationality", "residence",
                                            "abroad", "shelter", "income"};

enum { USUAL_COUNT = sizeof usual_reasons / sizeof usual_reasons[0] };

static int64_t refused_for(const RunReport *report, const char *reason)
{
    for (int32_t i = 0; i < report->refusal_count; i++) {
        if (strcmp(report->refused[i].reason, reason) == 0) {
            return report->refused[i].households;
        }
    }
    return 0;
}

static bool is_usual(const char *reason)
{
    for (int i = 0; i < USUAL_COUNT; i++) {
        if (strcmp(usual_reasons[i], reason) == 0) return true;
    }
    return false;
}

static void json_programme(JsonOut *out, const RunReport *report)
{
    json_out_object(out);
    json_put_int(out, "eligible", report->eligible);
    json_out_key(out, "refused");
    json_out_object(out);
    for (int i = 0; i < USUAL_COUNT; i++) {
        json_put_int(out, usual_reasons[i],
                     refused_for(report, usual_reasons[i]));
    }
    for (int32_t i = 0; i < report->refusal_count; i++) {
        if (is_usual(report->refused[i].reason)) continue;
        json_out_key(out, report->refused[i].reason);
        json_out_int(out, report->refused[i].households);
    }
    json_out_object_end(out);
    json_put_money(out, "amount", (Money){report->amount_minor});
    char root[65];
    hash_hex(&report->root, root);
    json_put_id(out, "run", report->run_id);
    json_put_text(out, "root", root);
    json_out_object_end(out);
}

typedef struct Outcome {
    Month month;
    const Pack *pack;
    RunReport report[PROGRAMMES_MAX];
    double wall_s, cpu_s;
} Outcome;

static int print_json(Cli *cli, const Outcome *outcome)
{
    Buf buf = buf_make(1 << 20);
    JsonOut out = json_out_make(&buf);
    const RunReport *first = &outcome->report[0];
    int64_t changed = 0;
    for (int32_t i = 0; i < outcome->pack->programme_count; i++) {
        changed += outcome->report[i].changed;
    }
    char month[16] = "";
    Buf month_text = {.at = month, .room_bytes = 15, .limit_bytes = 15};
    month_write(&month_text, outcome->month);
    json_out_object(&out);
    json_put_text(&out, "month", month);
    json_put_int(&out, "households", first->households);
    json_put_int(&out, "persons", first->persons);
    json_put_int(&out, "changed", changed);
    json_out_key(&out, "programmes");
    json_out_object(&out);
    for (int32_t i = 0; i < outcome->pack->programme_count; i++) {
        json_out_key(&out, outcome->pack->programmes[i].name);
        json_programme(&out, &outcome->report[i]);
    }
    json_out_object_end(&out);
    json_out_key(&out, "seconds");
    json_out_object(&out);
    json_out_key(&out, "wall");
    json_out_measure(&out, outcome->wall_s, 3);
    json_out_key(&out, "cpu");
    json_out_measure(&out, outcome->cpu_s, 3);
    json_out_object_end(&out);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

static int print_text(Cli *cli, const Outcome *outcome)
{
    for (int32_t i = 0; i < outcome->pack->programme_count; i++) {
        const RunReport *report = &outcome->report[i];
        char root[65];
        hash_hex(&report->root, root);
        Buf amount = buf_make(64);
        money_write(&amount, (Money){report->amount_minor});
        fprintf(cli->out,
                "%s: %lld households with %lld persons, %lld eligible for "
                "%.*s, %lld changed\n",
                outcome->pack->programmes[i].name,
                (long long)report->households, (long long)report->persons,
                (long long)report->eligible, STR_ARG(buf_view(&amount)),
                (long long)report->changed);
        for (int32_t r = 0; r < report->refusal_count; r++) {
            fprintf(cli->out, "  refused for %-12s %lld\n",
                    report->refused[r].reason,
                    (long long)report->refused[r].households);
        }
        fprintf(cli->out, "  root %s\n", root);
        buf_free(&amount);
    }
    fprintf(cli->out, "%.2f s, %.2f s of CPU\n", outcome->wall_s,
            outcome->cpu_s);
    return 0;
}

/* Months from 2022-01 to the month after next may be determined. */
static int check_month(Cli *cli, Month month)
{
    Month first = (2022 - 1970) * 12;
    Month last = month_of_day(calendar_civil_day(clock_now())) + 2;
    if (month >= first && month <= last) return CLI_GO_ON;
    char room[64];
    Buf buf = {.at = room, .room_bytes = sizeof room, .limit_bytes = 64};
    Diag diag;
    diag_set(&diag, "determine.month");
    month_write(&buf, first);
    diag_arg(&diag, buf_view(&buf));
    buf_reset(&buf);
    month_write(&buf, last);
    diag_arg(&diag, buf_view(&buf));
    return cli_fail(cli, ERR_INVALID, &diag);
}

/* Without households there is nothing to determine, and no month is. */
static int check_households(Cli *cli, StoreConn *writer)
{
    bool row;
    Diag diag = {.key = ""};
    StoreStmt *stmt = store_query(writer, Q_BOOK_ANY);
    Err err = store_step(stmt, &row);
    if (err == OK) store_reset(stmt);
    if (err == OK && row) return CLI_GO_ON;
    if (err == OK) {
        diag_set(&diag, "determine.nobody");
        return cli_fail(cli, ERR_NOT_FOUND, &diag);
    }
    store_diag(writer, &diag);
    return cli_fail(cli, err, &diag);
}

static int run(Cli *cli, Context *context, StoreConn *writer, int threads,
               Outcome *outcome)
{
    double wall_s = clock_wall_s(), cpu_s = clock_cpu_s();
    Diag diag = {.key = ""};
    Err err =
        context_law_at(context, writer, outcome->month, &diag, &outcome->pack);
    if (err != OK) return cli_fail(cli, err, &diag);
    for (int32_t i = 0; i < outcome->pack->programme_count; i++) {
        Progress progress = progress_make(cli, "households");
        Determine job = {.store = context->store,
                         .writer = writer,
                         .pack = outcome->pack,
                         .base = context->pack,
                         .programme = &outcome->pack->programmes[i],
                         .month = outcome->month,
                         .threads = threads,
                         .progress = progress_told,
                         .arg = &progress};
        err = determine(&job, &diag, &outcome->report[i]);
        progress_end(&progress);
        if (err != OK) return cli_fail(cli, err, &diag);
    }
    outcome->wall_s = clock_wall_s() - wall_s;
    outcome->cpu_s = clock_cpu_s() - cpu_s;
    return CLI_GO_ON;
}

int cmd_determine(Cli *cli)
{
    Outcome *outcome = ARENA_NEW(cli->arena, Outcome);
    int64_t threads, cores = sysconf(_SC_NPROCESSORS_ONLN);
    int code = cli_month(cli, &outcome->month);
    if (code != CLI_GO_ON) return code;
    if (cores < 1 || cores > DETERMINE_THREADS_MAX) cores = 1;
    if (!cli_number(cli, "--threads", 1, DETERMINE_THREADS_MAX, cores,
                    &threads)) {
        return 2;
    }
    Context context;
    StoreConn *writer;
    code = check_month(cli, outcome->month);
    if (code == CLI_GO_ON) code = cli_open_writer(cli, &context, &writer);
    if (code != CLI_GO_ON) return code;
    code = check_households(cli, writer);
    if (code == CLI_GO_ON) {
        code = run(cli, &context, writer, (int)threads, outcome);
    }
    store_conn_close(writer);
    if (code == CLI_GO_ON) {
        code = cli->json ? print_json(cli, outcome) : print_text(cli, outcome);
    }
    context_close(&context);
    return code;
}
