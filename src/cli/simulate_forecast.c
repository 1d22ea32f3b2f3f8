#include "base/asset.h"
#include "base/file.h"
#include "cli/common.h"
#include "cli/progress.h"
#include "cli/simulate_many.h"
#include "simulation/forecast_report.h"

enum { ARENA_BYTES = 1 << 30 };

static const char own_rates[] = "models/population-rates.tsv";

static void print_money(Cli *cli, int64_t minor)
{
    char room[32];
    Buf text = {
        .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
    money_write(&text, (Money){minor});
    fprintf(cli->out, "  %18.*s", STR_ARG(buf_view(&text)));
}

static int print_text(Cli *cli, const ForecastReport *report)
{
    for (int32_t i = 0; i < report->count; i++) {
        const ForecastMonth *at = &report->month[i];
        char room[16];
        Buf month = {
            .at = room, .room_bytes = sizeof room, .limit_bytes = sizeof room};
        month_write(&month, at->month);
        fprintf(cli->out, "%.*s  %9lld persons", STR_ARG(buf_view(&month)),
                (long long)at->persons);
        for (int side = 0; side < 1 + report->reform; side++) {
            if (at->hidden) {
                fputs("  few", cli->out);
                break;
            }
            fprintf(cli->out, "  eligible %9lld",
                    (long long)at->eligible[side]);
            print_money(cli, at->cost[side]);
        }
        fputc('\n', cli->out);
    }
    if (report->assumed_count == 0) return 0;
    fprintf(cli->out, "%d of the %d rates in %.*s are assumptions\n",
            report->assumed_count, report->rate_count, STR_ARG(report->rates));
    return 0;
}

static int print(Cli *cli, Arena *arena, const ForecastReport *report)
{
    TextStyle style = simulate_page_style(cli);
    Buf csv = buf_make(REPORT_BYTES_MAX), html = buf_make(REPORT_BYTES_MAX);
    forecast_csv(&csv, report);
    Err err = forecast_page(&html, arena, &style, report);
    int code = simulate_files(cli, &csv, &html, err);
    buf_free(&html);
    buf_reset(&csv);
    if (code == CLI_GO_ON && !cli->json) code = print_text(cli, report);
    if (code == CLI_GO_ON) {
        JsonOut out = json_out_make(&csv);
        json_out_object(&out);
        forecast_json(&out, report);
        json_out_object_end(&out);
        return cli_print(cli, &csv);
    }
    buf_free(&csv);
    return code;
}

/* The rates of --rates, else those that the program carries. */
static Err read_rates(Cli *cli, Diag *diag, Str *ret_file, Rates *ret)
{
    const char *path = cli_path(cli, "--rates");
    FileMap map CLEANUP(file_unmapp) = {{NULL, 0}};
    Str bytes = asset_find(own_rates)->bytes;
    *ret_file = str_of(path == NULL ? own_rates : cli_option(cli, "--rates"));
    if (path != NULL) {
        TRY(file_read(path, diag, &map));
        bytes = map.bytes;
    }
    Err err = rates_read(cli->arena, bytes, path == NULL ? own_rates : path,
                         diag, ret);
    if (err == ERR_FULL) diag_set(diag, "snapshot.memory");
    return err;
}

int simulate_forecast(Cli *cli, const SimulateJob *job,
                      const SimulateReform *reform, const SimulateSide *after)
{
    Rates rates;
    Diag diag = {.key = ""};
    int64_t months;
    ForecastReport report = {.reform = !reform->none};
    if (!cli_number(cli, "--forecast", 1, FORECAST_MONTHS_MAX, 1, &months)) {
        return 2;
    }
    Progress progress = progress_make(cli, "months");
    ForecastJob forecast = {.reader = job->reader,
                            .side = {job->before},
                            .month = job->month,
                            .months = (int32_t)months,
                            .threads = job->threads,
                            .rates = &rates,
                            .progress = progress_told,
                            .arg = &progress};
    if (report.reform) forecast.side[1] = *after;
    Arena *arena CLEANUP(arena_closep) = arena_open(ARENA_BYTES);
    if (arena == NULL) return cli_usage(cli, "there is no memory");
    ForecastMonth *month = ARENA_ARRAY(cli->arena, ForecastMonth, months);
    Err err = read_rates(cli, &diag, &report.rates, &rates);
    if (err == OK) err = forecast_run(&forecast, arena, &diag, month);
    progress_end(&progress);
    if (err != OK) return cli_fail(cli, err, &diag);
    report.month = month;
    report.count = (int32_t)months;
    report.rate_count = rates.count;
    report.assumed_count = rates.assumed;
    report.grows = forecast_growth(month, report.count, &rates, &report.growth);
    report.change = simulate_changes(cli, reform, &report.change_count);
    return print(cli, arena, &report);
}
