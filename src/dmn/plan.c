#include "dmn/plan.h"

#include "codec/json.h"
#include "dmn/model_int.h"

/* Dynamic operations of a unit: those whose result has no static type. */
static int32_t dynamic_count(const FeelProgram *program, int32_t unit)
{
    int32_t count = 0;
    const FeelUnit *u = &program->units[unit];
    for (int32_t i = 0; i < u->op_count; i++) {
        const FeelOp *op = &program->ops[u->op_first + i];
        bool field = op->code == FEEL_OP_FIELD || op->code == FEEL_OP_CALL;
        if (field && op->kind == FEEL_ANY) count++;
        if (op->code == FEEL_OP_FIELD_OR || op->code == FEEL_OP_CLOSURE) {
            count++;
        }
    }
    return count;
}

static void write_reason(Buf *out, const DmnModel *model,
                         const DmnElement *decision)
{
    int32_t dynamic = dynamic_count(model->program, decision->unit);
    if (dynamic > 0) {
        buf_format(out, "%d operations without a static type", dynamic);
    } else {
        buf_text(out, "all operations typed; no column evaluator is built");
    }
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
    for (int32_t i = 0; i < model->decision_count; i++) {
        const DmnElement *decision = model->decisions[i];
        buf_str(out, decision->name);
        buf_text(out, ": scalar; ");
        feel_type_write(out, decision->type);
        buf_format(out, "; %d operations; ",
                   model->program->units[decision->unit].op_count);
        write_reason(out, model, decision);
        buf_text(out, "; from ");
        write_inputs(out, model, decision, false);
        buf_char(out, '\n');
    }
}

void dmn_plan_json(Buf *out, const DmnModel *model)
{
    buf_text(out, "{\"model\":");
    json_quote(out, dmn_name(model));
    buf_text(out, ",\"decisions\":[");
    for (int32_t i = 0; i < model->decision_count; i++) {
        const DmnElement *decision = model->decisions[i];
        if (i > 0) buf_char(out, ',');
        buf_text(out, "{\"decision\":");
        json_quote(out, decision->name);
        buf_text(out, ",\"evaluator\":\"scalar\",\"type\":");
        Buf type = buf_make(1 << 16);
        feel_type_write(&type, decision->type);
        json_quote(out, buf_view(&type));
        buf_reset(&type);
        write_reason(&type, model, decision);
        buf_format(out, ",\"operations\":%d,\"why\":",
                   model->program->units[decision->unit].op_count);
        json_quote(out, buf_view(&type));
        buf_free(&type);
        buf_text(out, ",\"inputs\":[");
        write_inputs(out, model, decision, true);
        buf_text(out, "]}");
    }
    buf_text(out, "]}\n");
}

void dmn_plan_program(Buf *out, const DmnModel *model)
{
    for (int32_t i = 0; i < model->program->unit_count; i++) {
        feel_program_write(out, model->program, i);
        buf_char(out, '\n');
    }
}
