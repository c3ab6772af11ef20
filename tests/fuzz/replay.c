/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target over the inputs that are kept, without a fuzzer: the files
 * of tests/fuzz/seeds/TARGET, the lines of tests/fuzz/seeds/TARGET.lines, and
 * for a target that says what bytes may stand first (fuzz_corpus_heads), the
 * files of tests/intake/corpus behind each of them. Reports by TAP, a test a file.
 *
 *   fuzz_NAME              replays
 *   fuzz_NAME FOLDER       writes all but the first kind there, as seeds for the fuzzer
 */
#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
const unsigned char fuzz_corpus_heads[2] __attribute__((weak)) = {0, 0};

static char running[512];

/* The file that ends the program is the one to look at. */
static void on_abort(int sig)
{
    (void)sig;
    printf("# aborted in %s\n", running);
    fflush(stdout);
    signal(SIGABRT, SIG_DFL);
    abort();
}

static uint8_t *read_file(const char *path, size_t head, size_t *n)
{
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = malloc(head + (1 << 20));
    if (!f || !bytes) {
        perror(path);
        exit(1);
    }
    *n = head + fread(bytes + head, 1, 1 << 20, f);
    fclose(f);
    /* The exact size, so that a sanitizer sees a read beyond the end. */
    uint8_t *exact = realloc(bytes, *n ? *n : 1);
    return exact ? exact : bytes;
}

static void write_seed(const char *folder, const uint8_t *bytes, size_t n)
{
    static int count;
    char path[512];
    snprintf(path, sizeof path, "%s/corpus-%05d", folder, count++);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
}

static void give(const uint8_t *bytes, size_t n, const char *folder)
{
    if (folder)
        write_seed(folder, bytes, n);
    else
        LLVMFuzzerTestOneInput(bytes, n);
}

static int each_line(const char *path, const char *folder)
{
    size_t n, from = 0;
    uint8_t *bytes = read_file(path, 0, &n);
    for (size_t i = 0; i < n; i++)
        if (bytes[i] == '\n') {
            give(bytes + from, i - from, folder);
            from = i + 1;
        }
    free(bytes);
    return 1;
}

static int with_heads(const char *path, const char *folder)
{
    size_t n;
    uint8_t *bytes = read_file(path, 2, &n);
    for (unsigned a = 0; a < fuzz_corpus_heads[0]; a++)
        for (unsigned b = 0; b < fuzz_corpus_heads[1]; b++) {
            bytes[0] = (uint8_t)a;
            bytes[1] = (uint8_t)b;
            give(bytes, n, folder);
        }
    free(bytes);
    return 1;
}

static int alone(const char *path, const char *folder)
{
    size_t n;
    (void)folder;
    uint8_t *bytes = read_file(path, 0, &n);
    LLVMFuzzerTestOneInput(bytes, n);
    free(bytes);
    return 1;
}

static int is_file(const struct dirent *e)
{
    const char *dot = strrchr(e->d_name, '.');
    return e->d_name[0] != '.' && !(dot && strcmp(dot, ".expect") == 0);
}

static int all_of(const char *folder, int (*run)(const char *path, const char *folder), const char *to, int done)
{
    struct dirent **names;
    int n = scandir(folder, &names, is_file, alphasort);
    for (int i = 0; i < n; i++) {
        snprintf(running, sizeof running, "%.250s/%.200s", folder, names[i]->d_name);
        done += run(running, to);
        if (!to)
            printf("ok %d - %s\n", done, names[i]->d_name);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return done;
}

int main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/');
    const char *to = argc > 1 ? argv[1] : NULL;
    char folder[300];
    int done = 0;
    signal(SIGABRT, on_abort);
    name = name ? name + 1 : argv[0];
    snprintf(folder, sizeof folder, "%s/tests/fuzz/seeds/%s", TEST_SOURCE, name);
    if (!to)
        done = all_of(folder, alone, NULL, done);
    snprintf(running, sizeof running, "%s.lines", folder);
    if (access(running, R_OK) == 0) {
        done += each_line(running, to);
        if (!to)
            printf("ok %d - %s.lines\n", done, name);
    }
    if (fuzz_corpus_heads[0])
        done = all_of(TEST_SOURCE "/tests/intake/corpus", with_heads, to, done);
    if (!to)
        printf("1..%d\n", done);
    return 0;
}
