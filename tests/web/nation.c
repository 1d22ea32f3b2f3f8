/*
 * nation.c - a small population that can be simulated on: 2,600 households in
 * thirteen regions, as a snapshot in a folder of its own. Included by tests.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/asset.h"
#include "simulation/fill.h"
#include "simulation/lab.h"
#include "tests/harness.h"
#include "web/policy.h"

enum { NATION_HOUSEHOLDS = 2600 };

typedef struct Nation {
    char *folder;
    char file[3][96]; /* the two tables, the snapshot */
    Lab *lab;
} Nation;

static FILE *nation_table(Nation *nation, int at, const char *name)
{
    snprintf(nation->file[at], sizeof nation->file[at], "%s/%s", nation->folder,
             name);
    FILE *file = fopen(nation->file[at], "w");
    ck_assert_ptr_nonnull(file);
    return file;
}

static void nation_write(Nation *nation)
{
    int person = 0;
    FILE *homes = nation_table(nation, 0, "households.csv");
    FILE *people = nation_table(nation, 1, "persons.csv");
    fputs("household_id,region,in_shelter,dwelling_proof\n", homes);
    fputs("person_id,household_id,role,birth_date,nationality,resident,"
          "days_abroad,enrolled,salary,pension_income,rent_income,"
          "business_income\n",
          people);
    for (int h = 0; h < NATION_HOUSEHOLDS; h++) {
        fprintf(homes, "%d,%d,0,ejar_lease\n", h, 1 + h % 13);
        for (int i = 0; i <= h % 7; i++) {
            fprintf(people, "%d,%d,%d,%d-05-05,0,1,9,0,%d.50,0,0,%d.00\n",
                    person++, h, i > 0 ? 2 : 0, 1960 + (h * 7 + i * 11) % 45,
                    (h * 37 + i * 911) % 2500, h * 13 % 900);
        }
    }
    ck_assert_int_eq(fclose(homes), 0);
    ck_assert_int_eq(fclose(people), 0);
}

/* Makes the population and opens it. */
static void nation_open(Nation *nation, const Policy *policy)
{
    Diag diag = {.key = ""};
    SnapshotReport report;
    *nation = (Nation){.folder = strdup("/tmp/sanad-test-XXXXXX")};
    ck_assert_ptr_nonnull(mkdtemp(nation->folder));
    nation_write(nation);
    fclose(nation_table(nation, 2, "snapshot"));
    SnapshotJob job = {.catalogue = policy->pack->catalogue,
                       .out = nation->file[2],
                       .threads = 1};
    Err err = snapshot_from_csv(&job, nation->folder,
                                asset_find("models/csv.tsv")->bytes,
                                policy->pack->formats, &diag, &report);
    ck_assert_msg(err == OK, "%s %s %s:%d", diag.key, diag.arg[0], diag.file,
                  diag.line);
    LabConfig config = {
        .law = {.pack = policy->pack, .programme = policy->models[0].programme},
        .snapshot = nation->file[2],
        .threads = 2};
    err = lab_open(&config, &diag, &nation->lab);
    ck_assert_msg(err == OK, "%s %s", diag.key, diag.arg[0]);
}

static void nation_close(Nation *nation)
{
    lab_close(nation->lab);
    for (int i = 0; i < 3; i++) unlink(nation->file[i]);
    rmdir(nation->folder);
    free(nation->folder);
}
