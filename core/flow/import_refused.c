/* SPDX-License-Identifier: MIT */
/* Refused rows go to refused/ of the workspace's output folder, beside the file's own name. */
#include "flow/import_refused.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "base/msg.h"

#include <string.h>

static char *refused_folder(const kh_workspace *ws)
{
    if (!ws->settings.write.n)
        return NULL;
    const char *w = ws->settings.write.items[0];
    return w[0] == '/' ? kh_asprintf("%s/refused", w) : kh_asprintf("%s/%s/refused", ws->root, w);
}

/* The file's last component, its ending kept out; standard input is "stdin". */
static char *stem_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    if (strcmp(name, "-") == 0)
        return kh_strdup("stdin");
    const char *dot = strrchr(name, '.');
    return kh_strndup(name, dot && dot != name ? (size_t)(dot - name) : strlen(name));
}

/* Takes `stem`; what comes back was given to no other file of this run. */
static char *name_of(kh_workspace *ws, char *stem)
{
    if (!ws->refused)
        ws->refused = kh_map_new();
    uint32_t n = kh_map_get(ws->refused, stem, strlen(stem));
    n = n == KH_NONE ? 1 : n + 1;
    kh_map_set(ws->refused, stem, strlen(stem), n);
    if (n == 1)
        return stem;
    char *name = kh_asprintf("%s-%u", stem, n);
    kh_free(stem);
    return name;
}

int kh_import_write_refused(kh_workspace *ws, const kh_intake *in, char **csv, char **xlsx, kh_error *err)
{
    char *folder = refused_folder(ws);
    *csv = *xlsx = NULL;
    if (!folder)
        return KH_OK;
    char *stem = name_of(ws, stem_of(in->file));
    kh_buf b = KH_BUF_INIT;
    char *csv_path = kh_asprintf("%s/%s.refused.csv", folder, stem);
    char *xlsx_path = kh_asprintf("%s/%s.refused.xlsx", folder, stem);
    int rc = kh_make_folders(folder, err);
    if (rc == KH_OK && (rc = kh_intake_refused_csv(in, &b, err)) == KH_OK && (rc = kh_write_file(csv_path, b.data, b.len, err)) == KH_OK &&
        (rc = kh_intake_refused_xlsx(in, xlsx_path, err)) == KH_OK) {
        *csv = csv_path;
        *xlsx = xlsx_path;
        csv_path = xlsx_path = NULL;
    }
    kh_free(csv_path);
    kh_free(xlsx_path);
    kh_buf_free(&b);
    kh_free(stem);
    kh_free(folder);
    return rc;
}
