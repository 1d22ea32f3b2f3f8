/*
 * cmd_import.c - sanad import: files of households and persons, and events.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/asset.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/progress.h"
#include "codec/json.h"
#include "registry/import_csv.h"
#include "service/import_events.h"
#include "service/redetermine.h"

enum { PLACE_BYTES_MAX = 16 << 20 };

typedef struct Import {
    Cli *cli;
    Progress progress;
    FILE *rejects; /* where bad rows are reported; NULL: counted only */
} Import;

/* A cell of the rejects file: quoted when it must be. */
static void write_cell(FILE *to, Str cell)
{
    bool plain = true;
    for (size_t i = 0; i < cell.bytes; i++) {
        char c = cell.at[i];
        plain = plain && c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    if (plain) {
        fprintf(to, "%.*s", STR_ARG(cell));
        return;
    }
    fputc('"', to);
    for (size_t i = 0; i < cell.bytes; i++) {
        if (cell.at[i] == '"') fputc('"', to);
        fputc(cell.at[i], to);
    }
    fputc('"', to);
}

static void reject(void *arg, const char *file, int64_t line, Str column,
                   Str value, const Diag *why, bool taken)
{
    Import *import = arg;
    if (import->rejects == NULL) return;
    TextStyle style = cli_style(import->cli);
    style.isolate = false;
    Buf said = buf_make(1 << 16), without = buf_make(1 << 16);
    Diag plain = *why;
    diag_place(&plain, "", 0, 0); /* the columns before it say where */
    text_write_diag(&said, &style, &plain);
    if (taken) {
        TextArg what = TEXT_STR("0", buf_view(&said));
        text_write(&without, &style, STR("import.left_out"), &what, 1);
    }
    fprintf(import->rejects, "%s,%lld,", file, (long long)line);
    write_cell(import->rejects, column);
    fputc(',', import->rejects);
    write_cell(import->rejects, value);
    fputc(',', import->rejects);
    write_cell(import->rejects, buf_view(taken ? &without : &said));
    fputc('\n', import->rejects);
    buf_free(&said);
    buf_free(&without);
}

static bool show(void *arg, int64_t done, int64_t all)
{
    Import *import = arg;
    return progress_show(&import->progress, done, all);
}

/* Where the reasons are of what was not taken. */
static void tell_where(Cli *cli, int64_t count)
{
    const char *path = cli_option(cli, "--rejects");
    if (count == 0) return;
    if (path == NULL) {
        fprintf(cli->out, "to see why, add --rejects FILE and run it again; "
                          "what is in stays as it is\n");
    } else {
        fprintf(cli->out, "the reasons are in %s\n", path);
    }
}

static int report(Cli *cli, const ImportCsvReport *done, double seconds)
{
    if (!cli->json) {
        fprintf(cli->out,
                "%lld households new, %lld changed, %lld as before; %lld "
                "persons read, %lld rows rejected; %lld decisions changed; "
                "%.0f persons/s\n",
                (long long)done->households_new,
                (long long)done->households_changed,
                (long long)done->households_same, (long long)done->persons,
                (long long)done->rejected, (long long)done->decisions,
                seconds > 0 ? (double)done->persons / seconds : 0);
        if (done->names_left_out > 0) {
            fprintf(cli->out, "%lld names left out of rows that are in\n",
                    (long long)done->names_left_out);
        }
        if (done->columns_unknown > 0) {
            fprintf(cli->out, "%lld columns of unknown names were not read\n",
                    (long long)done->columns_unknown);
        }
        tell_where(cli, done->rejected + done->names_left_out +
                            done->columns_unknown);
        return 0;
    }
    Buf buf = buf_make(1 << 12);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_put_int(&out, "households_new", done->households_new);
    json_put_int(&out, "households_changed", done->households_changed);
    json_put_int(&out, "households_same", done->households_same);
    json_put_int(&out, "persons", done->persons);
    json_put_int(&out, "rejected", done->rejected);
    json_put_int(&out, "names_left_out", done->names_left_out);
    json_put_int(&out, "columns_unknown", done->columns_unknown);
    json_put_int(&out, "decisions_changed", done->decisions);
    json_out_key(&out, "seconds");
    json_out_measure(&out, seconds, 3);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

static int run_csv(Cli *cli, Context *context, StoreConn *writer,
                   const Redetermine *again, Import *import)
{
    Diag diag = {.key = ""};
    ImportCsvReport done;
    ImportCsv job = {.tx = writer,
                     .catalogue = context->pack->catalogue,
                     .formats = context->pack->formats,
                     .columns = asset_find("models/csv.tsv")->bytes,
                     .folder = cli_path(cli, "--csv"),
                     .now = clock_now(),
                     .follow = &again->follow,
                     .reject = reject,
                     .progress = show,
                     .arg = import};
    double began_s = clock_wall_s();
    Err err = import_csv(&job, &diag, &done);
    progress_end(&import->progress);
    if (err != OK) return cli_fail(cli, err, &diag);
    return report(cli, &done, clock_wall_s() - began_s);
}

static void reject_event(void *arg, const char *file, Str line, const Diag *why)
{
    /* the one value alone: a message may hold more than a report should */
    Arena *arena CLEANUP(arena_closep) = arena_open(PLACE_BYTES_MAX);
    Str path, value;
    event_place(arena, line, why, &path, &value);
    reject(arg, file, why->line, path, value, why, false);
}

static int report_events(Cli *cli, const ImportEventsReport *done,
                         double seconds)
{
    if (!cli->json) {
        fprintf(cli->out,
                "%lld events carried out, %lld as before, %lld rejected; "
                "%lld changes of households, %lld decisions changed\n",
                (long long)done->carried_out, (long long)done->repeated,
                (long long)done->rejected, (long long)done->households,
                (long long)done->decisions);
        tell_where(cli, done->rejected);
        return 0;
    }
    Buf buf = buf_make(1 << 12);
    JsonOut out = json_out_make(&buf);
    json_out_object(&out);
    json_put_int(&out, "carried_out", done->carried_out);
    json_put_int(&out, "repeated", done->repeated);
    json_put_int(&out, "rejected", done->rejected);
    json_put_int(&out, "households", done->households);
    json_put_int(&out, "decisions_changed", done->decisions);
    json_out_key(&out, "seconds");
    json_out_measure(&out, seconds, 3);
    json_out_object_end(&out);
    return cli_print(cli, &buf);
}

static int run_events(Cli *cli, Context *context, StoreConn *writer,
                      const Redetermine *again, Import *import)
{
    Diag diag = {.key = ""};
    ImportEventsReport done = {0};
    EventTypes types;
    double began_s = clock_wall_s();
    Err err = event_types_load(
        cli->arena, context->pack->catalogue, context->pack->formats,
        pack_file(context->pack, "models/events.tsv"), &diag, &types);
    if (err == OK) {
        ImportEvents job = {.tx = writer,
                            .types = &types,
                            .file = cli_path(cli, "--events"),
                            .follow = &again->follow,
                            .reject = reject_event,
                            .progress = show,
                            .arg = import};
        err = import_events(&job, &diag, &done);
    }
    progress_end(&import->progress);
    if (err != OK) return cli_fail(cli, err, &diag);
    return report_events(cli, &done, clock_wall_s() - began_s);
}

static int fail_rejects(Cli *cli, const char *key, const char *path)
{
    const char *why = strerror(errno);
    Diag diag;
    diag_set(&diag, key);
    diag_arg_text(&diag, path);
    diag_arg_text(&diag, why);
    return cli_fail(cli, ERR_IO, &diag);
}

/* Whether two paths lead to one file; `within` may be a folder of `name`. */
static bool same_file(const struct stat *is, const char *within,
                      const char *name)
{
    char path[PATH_MAX];
    struct stat other;
    int length = snprintf(path, sizeof path, "%s%s", within, name);
    if (length < 0 || (size_t)length >= sizeof path) return false;
    return stat(path, &other) == 0 && other.st_dev == is->st_dev &&
           other.st_ino == is->st_ino;
}

/* Rejects are written from the beginning, which would destroy what is read. */
static bool is_in_use(Cli *cli, const char *path)
{
    static const char *const tables[] = {"/households.csv", "/persons.csv"};
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    const char *db, *csv = cli_path(cli, "--csv"),
                    *events = cli_path(cli, "--events");
    struct stat is;
    if (stat(path, &is) != 0) return false;
    bool used = events != NULL && same_file(&is, events, "");
    for (int i = 0; i < 2 && csv != NULL; i++) {
        used = used || same_file(&is, csv, tables[i]);
    }
    if (cli_db(cli, &db) != CLI_GO_ON) return used;
    for (int i = 0; i < 4; i++) used = used || same_file(&is, db, ends[i]);
    return used;
}

static int open_rejects(Cli *cli, Import *import)
{
    const char *path = cli_path(cli, "--rejects");
    if (path == NULL) return CLI_GO_ON;
    if (is_in_use(cli, path)) return fail_rejects(cli, "import.rejects", path);
    /* what people wrote about people: for whoever imports, and nobody else */
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    struct stat is; /* an older file keeps its mode when it is opened */
    bool ours = fd >= 0 && fstat(fd, &is) == 0 &&
                (!S_ISREG(is.st_mode) || fchmod(fd, 0600) == 0);
    import->rejects = ours ? fdopen(fd, "w") : NULL;
    if (import->rejects == NULL) return fail_rejects(cli, "file.write", path);
    fprintf(import->rejects, "file,line,column,value,reason\n");
    return CLI_GO_ON;
}

static int close_rejects(Cli *cli, Import *import, int code)
{
    if (import->rejects == NULL) return code;
    bool lost = fflush(import->rejects) != 0 || ferror(import->rejects) != 0;
    int why = errno;
    fclose(import->rejects);
    if (!lost || code != 0) return code;
    errno = why;
    return fail_rejects(cli, "import.rejects_lost", cli_path(cli, "--rejects"));
}

static int run(Cli *cli, Context *context, StoreConn *writer, bool csv,
               Import *import)
{
    Diag diag = {.key = ""};
    Redetermine again;
    Err err = redetermine_open(context, &diag, &again);
    int code = err != OK ? cli_fail(cli, err, &diag)
               : csv     ? run_csv(cli, context, writer, &again, import)
                         : run_events(cli, context, writer, &again, import);
    redetermine_close(&again);
    return code;
}

int cmd_import(Cli *cli)
{
    bool csv = cli_option(cli, "--csv") != NULL;
    if (csv == (cli_option(cli, "--events") != NULL)) {
        return cli_usage(cli, "one of --csv DIR and --events FILE is needed");
    }
    Context context;
    StoreConn *writer;
    Import import = {.cli = cli,
                     .progress = progress_make(cli, csv ? "persons" : "bytes")};
    int code = cli_open_writer(cli, &context, &writer);
    if (code != CLI_GO_ON) return code;
    code = open_rejects(cli, &import);
    if (code == CLI_GO_ON) code = run(cli, &context, writer, csv, &import);
    code = close_rejects(cli, &import, code);
    store_conn_close(writer);
    context_close(&context);
    return code;
}
