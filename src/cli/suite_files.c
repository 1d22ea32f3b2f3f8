#include "cli/suite_files.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/asset.h"

enum { FILE_BYTES_MAX = 64 << 20, FOLDER_DEPTH_MAX = 8, SOURCES_MAX = 64 };

const char suite_files_own[] = "sanad:";

/* The path of a carried file or folder without its mark, or NULL. */
static const char *own_path(const char *path)
{
    size_t bytes = strlen(suite_files_own);
    return strncmp(path, suite_files_own, bytes) == 0 ? path + bytes : NULL;
}

bool suite_files_exist(const char *path)
{
    struct stat info;
    const char *own = own_path(path);
    return own != NULL || stat(path, &info) == 0;
}

static bool ends_with(const char *text, const char *ending)
{
    size_t a = strlen(text), b = strlen(ending);
    return a >= b && strcmp(text + a - b, ending) == 0;
}

static void find_nested(Arena *arena, const char *folder, const char *ending,
                        SuitePaths *paths, int depth)
{
    DIR *dir = depth > FOLDER_DEPTH_MAX ? NULL : opendir(folder);
    if (dir == NULL) return;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') continue;
        char *path = arena_format(arena, "%s/%s", folder, entry->d_name);
        struct stat info;
        if (stat(path, &info) != 0) continue;
        if (S_ISDIR(info.st_mode)) {
            find_nested(arena, path, ending, paths, depth + 1);
        } else if (ends_with(path, ending) && paths->count < SUITE_FILES_MAX) {
            paths->at[paths->count++] = path;
        }
    }
    closedir(dir);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void find_own(Arena *arena, const char *folder, const char *ending,
                     SuitePaths *paths)
{
    size_t bytes = strlen(folder);
    for (size_t i = 0; i < asset_count(); i++) {
        const Asset *asset = asset_at(i);
        if (strncmp(asset->path, folder, bytes) == 0 &&
            asset->path[bytes] == '/' && ends_with(asset->path, ending) &&
            paths->count < SUITE_FILES_MAX) {
            paths->at[paths->count++] =
                arena_format(arena, "%s%s", suite_files_own, asset->path);
        }
    }
}

void suite_files_find(Arena *arena, const char *folder, const char *ending,
                      SuitePaths *paths)
{
    if (own_path(folder) != NULL) {
        find_own(arena, own_path(folder), ending, paths);
    } else {
        find_nested(arena, folder, ending, paths, 0);
    }
    qsort(paths->at, paths->count, sizeof *paths->at, by_name);
}

bool suite_files_read(Arena *arena, const char *path, Str *ret)
{
    if (own_path(path) != NULL) {
        const Asset *asset = asset_find(own_path(path));
        if (asset != NULL) *ret = asset->bytes;
        return asset != NULL;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) return false;
    struct stat info;
    bool sound = fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode) &&
                 info.st_size <= FILE_BYTES_MAX;
    size_t bytes = sound ? (size_t)info.st_size : 0;
    char *text = sound ? arena_try(arena, bytes + 1, 1) : NULL;
    sound = text != NULL && fread(text, 1, bytes, file) == bytes;
    fclose(file);
    if (sound) *ret = (Str){text, bytes};
    return sound;
}

void suite_files_unread(const char *path, Diag *diag)
{
    struct stat info;
    bool there = own_path(path) == NULL && stat(path, &info) == 0;
    if (!there) {
        diag_set(diag, "file.missing");
    } else if (S_ISDIR(info.st_mode)) {
        diag_set(diag, "file.folder");
    } else if (S_ISREG(info.st_mode) && info.st_size > FILE_BYTES_MAX) {
        diag_set(diag, "file.too_large");
    } else {
        diag_set(diag, "file.unreadable");
    }
    diag_arg_text(diag, path);
    diag_arg_int(diag, FILE_BYTES_MAX >> 20);
}

char *suite_files_folder(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) return arena_format(arena, ".");
    return arena_text(arena, path, (size_t)(slash - path));
}

char *suite_files_beside(Arena *arena, const char *path, Str name)
{
    char *folder = suite_files_folder(arena, path);
    char *beside = arena_format(arena, "%s/%.*s", folder, STR_ARG(name));
    Str bytes;
    if (suite_files_read(arena, beside, &bytes)) return beside;
    folder = own_path(folder) == NULL ? arena_format(arena, "%s/..", folder)
                                      : suite_files_folder(arena, folder);
    return arena_format(arena, "%s/%.*s", folder, STR_ARG(name));
}

Err suite_files_sources(Arena *arena, const char *path, Diag *diag,
                        DmnSource **ret, size_t *ret_count)
{
    DmnSource *sources = ARENA_ARRAY(arena, DmnSource, SOURCES_MAX);
    size_t count = 0;
    diag_set(diag, "");
    sources[count].name = path;
    if (!suite_files_read(arena, path, &sources[count++].bytes)) {
        suite_files_unread(path, diag);
        return ERR_IO;
    }
    SuitePaths *others = ARENA_NEW(arena, SuitePaths);
    suite_files_find(arena, suite_files_folder(arena, path), ".dmn", others);
    for (size_t i = 0; i < others->count && count < SOURCES_MAX; i++) {
        if (strcmp(others->at[i], path) == 0) continue;
        sources[count].name = others->at[i];
        if (suite_files_read(arena, others->at[i], &sources[count].bytes)) {
            count++;
        }
    }
    *ret = sources;
    *ret_count = count;
    return OK;
}
