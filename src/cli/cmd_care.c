/*
 * cmd_care.c - sanad backup, restore, doctor.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/common.h"
#include "codec/json.h"
#include "service/doctor.h"
#include "service/restore.h"
#include "store/backup.h"

/* Opens the database of --db, also one of another release. */
static int open_any(Cli *cli, Context *ret)
{
    const char *db;
    Diag diag = {.key = ""};
    int code = cli_db(cli, &db);
    if (code != CLI_GO_ON) return code;
    Err err = context_open_any(db, &diag, ret);
    if (err != OK) return cli_fail(cli, err, &diag);
    store_listen(ret->store, &cli->faults);
    return CLI_GO_ON;
}

int cmd_backup(Cli *cli)
{
    const char *out = cli_option(cli, "--out");
    Context context;
    Diag diag = {.key = ""}, note;
    if (out == NULL) return cli_usage(cli, "--out FILE is needed");
    int code = open_any(cli, &context);
    if (code != CLI_GO_ON) return code;
    code = cli_export(cli, context.store, "backup", &note);
    Err err = OK;
    if (code == CLI_GO_ON) err = store_backup(context.store, out, &diag);
    context_close(&context);
    if (code != CLI_GO_ON) return code;
    if (err != OK) return cli_fail(cli, err, &diag);
    cli_export_end(cli, &note);
    if (cli->json) {
        fprintf(cli->out, "{\"saved\":true}\n");
    } else {
        fprintf(cli->out, "saved to %s\n", out);
    }
    return 0;
}

int cmd_restore(Cli *cli)
{
    const char *from = cli_option(cli, "--from"), *db;
    Diag diag = {.key = ""};
    if (from == NULL) return cli_usage(cli, "--from FILE is needed");
    int code = cli_db(cli, &db);
    if (code != CLI_GO_ON) return code;
    Err err = restore_backup(from, db, &diag);
    if (err != OK) return cli_fail(cli, err, &diag);
    if (cli->json) {
        fprintf(cli->out, "{\"restored\":true}\n");
    } else {
        fprintf(cli->out, "restored and checked\n");
    }
    return 0;
}

/* Whether it names runs, not households. */
static bool are_runs(const DoctorFinding *finding)
{
    return strcmp(finding->what, "runs") == 0;
}

/* Whether it names accounts. */
static bool are_accounts(const DoctorFinding *finding)
{
    return strcmp(finding->what, "accounts") == 0;
}

/* The households, or whatever else it is, that a finding names. */
static void json_households(JsonOut *out, const DoctorFinding *finding)
{
    bool accounts = are_accounts(finding);
    if (finding->named == 0) return;
    json_out_key(out, accounts            ? "accounts"
                      : are_runs(finding) ? "runs"
                                          : "households");
    json_out_array(out);
    for (int32_t i = 0; i < finding->named; i++) {
        if (accounts) json_out_text(out, finding->account[i]);
        if (!accounts) json_out_id(out, finding->household[i]);
    }
    json_out_array_end(out);
}

/* The leaves of no household that a finding names. */
static void json_loose(JsonOut *out, const DoctorFinding *finding)
{
    if (finding->loose_count == 0) return;
    json_out_key(out, "leaves");
    json_out_array(out);
    for (int i = 0; i < AUDIT_NAMED_MAX && i < finding->loose_count; i++) {
        json_out_object(out);
        json_out_key(out, "type");
        json_out_text(out, finding->loose[i].type);
        json_out_key(out, "id");
        json_out_id(out, finding->loose[i].id);
        json_out_object_end(out);
    }
    json_out_array_end(out);
}

static void write_loose(const TextStyle *style, const DoctorFinding *finding,
                        Buf *buf)
{
    if (finding->loose_count == 0) return;
    Buf list = buf_make(1 << 10);
    for (int i = 0; i < AUDIT_NAMED_MAX && i < finding->loose_count; i++) {
        if (i > 0) buf_text(&list, ", ");
        buf_format(&list, "%s %lld", finding->loose[i].type,
                   (long long)finding->loose[i].id);
    }
    if (finding->loose_count > AUDIT_NAMED_MAX) buf_text(&list, " ...");
    TextArg args[] = {TEXT_STR("0", buf_view(&list))};
    text_write(buf, style, STR("doctor.loose"), args, 1);
    buf_free(&list);
}

static void write_households(const TextStyle *style,
                             const DoctorFinding *finding, Buf *buf)
{
    bool accounts = are_accounts(finding);
    if (finding->named == 0) return;
    Buf list = buf_make(1 << 10);
    for (int32_t i = 0; i < finding->named; i++) {
        if (i > 0) buf_text(&list, ", ");
        if (accounts) buf_text(&list, finding->account[i]);
        if (!accounts)
            buf_format(&list, "%lld", (long long)finding->household[i]);
    }
    if (finding->more) buf_text(&list, " ...");
    TextArg args[] = {TEXT_STR("0", buf_view(&list))};
    text_write(buf, style,
               str_of(accounts            ? "doctor.account_names"
                      : are_runs(finding) ? "doctor.run_ids"
                                          : "doctor.households"),
               args, 1);
    buf_free(&list);
}

static int print_json(Cli *cli, const DoctorReport *report, bool well)
{
    Buf buf = buf_make(1 << 14);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_put_bool(&out, "well", well);
    for (int32_t i = 0; i < report->count; i++) {
        json_out_key(&out, report->finding[i].what);
        json_out_object(&out);
        json_put_bool(&out, "well", report->finding[i].well);
        json_put_int(&out, "number", report->finding[i].number);
        json_households(&out, &report->finding[i]);
        json_loose(&out, &report->finding[i]);
        json_out_object_end(&out);
    }
    json_out_object_end(&out);
    cli_print(cli, &buf);
    return well ? 0 : 1;
}

static int print_text(Cli *cli, const DoctorReport *report, bool well)
{
    TextStyle style = cli_style(cli);
    Buf buf = buf_make(1 << 16);
    for (int32_t i = 0; i < report->count; i++) {
        const DoctorFinding *finding = &report->finding[i];
        TextArg args[] = {TEXT_INT("0", finding->number)};
        const char *key =
            arena_format(cli->arena, "doctor.%s.%s", finding->what,
                         finding->well ? "well" : "ill");
        buf_text(&buf, finding->well ? "ok    " : "WRONG ");
        text_write(&buf, &style, str_of(key), args, 1);
        write_households(&style, finding, &buf);
        write_loose(&style, finding, &buf);
        if (i + 1 < report->count) buf_char(&buf, '\n');
    }
    cli_print(cli, &buf);
    return well ? 0 : 1;
}

int cmd_doctor(Cli *cli)
{
    Context context;
    Diag diag = {.key = ""};
    DoctorReport report;
    const char *db;
    int code = open_any(cli, &context);
    if (code != CLI_GO_ON) return code;
    cli_db(cli, &db);
    Err err = doctor(&context, db, &diag, &report);
    context_close(&context);
    if (err != OK) return cli_fail(cli, err, &diag);
    bool well = true;
    for (int32_t i = 0; i < report.count; i++) well &= report.finding[i].well;
    return cli->json ? print_json(cli, &report, well)
                     : print_text(cli, &report, well);
}
