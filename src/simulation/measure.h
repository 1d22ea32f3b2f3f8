/*
 * measure.h - what is counted and added up of a model's answers.
 *
 * A model may say it itself, inside the extensionElements of a decision:
 *
 *     <measures xmlns="urn:sanad:measures">
 *       <count key="eligible" of="reason" is="0"/>
 *       <histogram key="refused" of="reason" from="0" to="5"/>
 *       <sum key="pension" of="pension" unit="minor"/>
 *       <sum key="cards" of="cards" unit="whole"/>
 *       <first key="refused" of="reasons"/>
 *     </measures>
 *
 * `of` names a field of the decision's answer, none the whole answer. `unit`
 * minor adds two decimals up as a whole number of hundredths, amount as a
 * text with two decimals, whole adds whole numbers up. `first` counts the
 * texts that lists of texts begin with. A model that says nothing has all
 * that its last decisions answer, those that no other one needs: true ones
 * counted, numbers added up, lists of texts by their first.
 */
#ifndef SIMULATION_MEASURE_H
#define SIMULATION_MEASURE_H

#include "codec/json.h"
#include "dmn/column.h"
#include "dmn/dmn.h"

enum {
    MEASURES_MAX = 64,
    MEASURE_SLOTS_MAX = 512,
    MEASURE_BINS_MAX = 64,
    MEASURE_TEXT_BYTES = 48
};

typedef enum MeasureKind {
    MEASURE_TRUE,      /* how many are true */
    MEASURE_COUNT,     /* how many are `from` */
    MEASURE_HISTOGRAM, /* how many are each of from..to */
    MEASURE_MINOR,     /* the sum in hundredths */
    MEASURE_AMOUNT,    /* the same, shown with two decimals */
    MEASURE_WHOLE,     /* the sum of whole numbers */
    MEASURE_FIRST      /* how many lists begin with each text */
} MeasureKind;

typedef struct Measure {
    const char *key;
    MeasureKind kind;
    int64_t from, to;
    int32_t wanted; /* which answer it is of */
    int32_t slot;   /* its first number in a Tally */
} Measure;

typedef struct Measures {
    Measure at[MEASURES_MAX];
    int32_t count;
    DmnWanted wanted[MEASURES_MAX]; /* each answer once */
    int32_t wanted_count;
    int32_t slot_count;
} Measures;

/* Results: numbers by slot, with the text of those of MEASURE_FIRST. */
typedef struct Tally {
    int64_t slot[MEASURE_SLOTS_MAX];
    char text[MEASURE_SLOTS_MAX][MEASURE_TEXT_BYTES]; /* "": none yet */
    bool over; /* a sum left 64 bits, or there were too many texts */
} Tally;

/*
 * The measures of a model.
 *
 * in     bytes: of the model's own file
 * out    ret lives in `arena`
 * errs   ERR_INVALID: a measure is wrong (measure.wrong {key}), or the model
 *        answers nothing that can be counted (measure.none)
 *        ERR_FULL: more than can be (measure.many)
 */
NODISCARD Err measures_read(Arena *arena, const DmnModel *model, Str bytes,
                            Diag *diag, const Measures **ret);

/*
 * Adds the answers of a run, without the households that it lost.
 *
 * in     columns: lowered for measures->wanted; left_out: by row, NULL: none
 */
void measures_add_run(const Measures *measures, const DmnColumns *columns,
                      const ColumnMachine *machine, int32_t rows,
                      const uint8_t *left_out, Tally *tally);

/* Adds the answer of one household; `answers` by wanted. Null adds nothing. */
void measures_add_one(const Measures *measures, const FeelValue *answers,
                      Tally *tally);

/*
 * The number behind an answer, as it goes into a measure: 0 or 1 of what is
 * counted, hundredths or whole numbers of what is added up. False where it
 * is null or, of a sum, too large; then *ret is 0.
 */
bool measure_value(const Measure *measure, FeelValue answer, int64_t *ret);

/* The same of the column of a run that answers it; -1 where what is counted by
 * its place is null. */
int64_t measure_output(const Measure *measure, const ColumnMachine *machine,
                       int32_t row);

/* Adds a tally to another. */
void measures_join(const Measures *measures, const Tally *from, Tally *to);

/* The members of a JSON object, one a measure. */
void measures_json(const Measures *measures, const Tally *tally, JsonOut *out);

#endif
