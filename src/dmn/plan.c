#include "dmn/plan.h"

#include "codec/json.h"
#include "dmn/column.h"
#include "dmn/model_int.h"

static const char lowered[] = "every operation lowered";

enum { PLAN_BYTES = 64 << 20 };

/* Why each decision is no column; NULL where it is one. */
static const char **reasons(const DmnModel *model, Arena *arena)
{
    const char **why =
        ARENA_ARRAY(arena, const char *, model->decision_count + 1);
    if (dmn_columns_survey(model, arena, why) == OK) return why;
    for (int32_t i = 0; i < model->decision_count; i++) {
        why[i] = "the model is too large";
    }
    return why;
}

static void write_inputs(Buf *out, const DmnModel *model,
                         const DmnElement *decision, bool json)
{
    bool first = true;
    for (int32_t i = 0; i < model->input_count && i < 63; i++) {
        if ((decision->inputs >> i & 1) == 0) continue;
        if (!first) buf_text(out, ", ");
        first = false;
        if (json) {
            json_quote(out, model->inputs[i]->name);
        } else {
            buf_str(out, model->inputs[i]->name);
        }
    }
}

void dmn_plan_text(Buf *out, const DmnModel *model)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(PLAN_BYTES);
    int32_t columns = 0;
    const char **why = reasons(model, arena);
    for (int32_t i = 0; i < model->decision_count; i++) {
        const DmnElement *decision = model->decisions[i];
        buf_str(out, decision->name);
        buf_text(out, why[i] == NULL ? ": column; " : ": scalar; ");
        feel_type_write(out, decision->type);
        buf_format(out, "; %d operations; ",
                   model->program->units[decision->unit].op_count);
        buf_text(out, why[i] == NULL ? lowered : why[i]);
        buf_text(out, "; from ");
        write_inputs(out, model, decision, false);
        buf_char(out, '\n');
        columns += why[i] == NULL;
    }
    buf_format(out, "%d of %d decisions are columns\n", columns,
               model->decision_count);
}

void dmn_plan_json(Buf *out, const DmnModel *model)
{
    Arena *arena CLEANUP(arena_closep) = arena_open(PLAN_BYTES);
    const char **why = reasons(model, arena);
    buf_text(out, "{\"model\":");
    json_quote(out, dmn_name(model));
    buf_text(out, ",\"decisions\":[");
    for (int32_t i = 0; i < model->decision_count; i++) {
        const DmnElement *decision = model->decisions[i];
        if (i > 0) buf_char(out, ',');
        buf_text(out, "{\"decision\":");
        json_quote(out, decision->name);
        buf_format(out, ",\"evaluator\":\"%s\",\"type\":",
                   why[i] == NULL ? "column" : "scalar");
        Buf type = buf_make(1 << 16);
        feel_type_write(&type, decision->type);
        json_quote(out, buf_view(&type));
        buf_format(out, ",\"operations\":%d,\"why\":",
                   model->program->units[decision->unit].op_count);
        json_quote(out, str_of(why[i] == NULL ? lowered : why[i]));
        buf_free(&type);
        buf_text(out, ",\"inputs\":[");
        write_inputs(out, model, decision, true);
        buf_text(out, "]}");
    }
    buf_text(out, "]}\n");
}

static Str input_name(const void *context, int32_t index)
{
    const DmnModel *model = context;
    return model->inputs[index]->name;
}

static Str decision_name(const void *context, int32_t index)
{
    const DmnModel *model = context;
    return model->decisions[index]->name;
}

void dmn_plan_program(Buf *out, const DmnModel *model)
{
    FeelProgramNames names = {model, input_name, decision_name};
    for (int32_t i = 0; i < model->program->unit_count; i++) {
        feel_program_write(out, model->program, i, &names);
        buf_char(out, '\n');
    }
}
