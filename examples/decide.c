/* decide.c - decide by a model in a file: decide MODEL DECISION INPUT JSON */
#include <sanad-engine.h>
#include <stdio.h>

static char text[1 << 20];

int main(int argc, char **argv)
{
    SanadModel *model;
    SanadError error;
    const char *json;
    FILE *in = argc == 5 ? fopen(argv[1], "rb") : NULL;
    if (in == NULL) return 2;
    SanadFile file = {argv[1], text, fread(text, 1, sizeof text, in)};
    fclose(in);
    if (sanad_model_load(&file, 1, &model, &error) != SANAD_OK) {
        fprintf(stderr, "%s\n", error.english);
        return 1;
    }
    SanadSession *session = sanad_session_open(model);
    sanad_session_reset(session, 1, 0);
    if (sanad_session_set(session, argv[3], argv[4], &error) != SANAD_OK ||
        sanad_session_decide(session, argv[2], &json, &error) != SANAD_OK) {
        fprintf(stderr, "%s\n", error.english);
        return 1;
    }
    printf("%s\n", json);
    printf("%s\n", sanad_session_trace(session));
    sanad_session_close(session);
    sanad_model_free(model);
    return 0;
}
