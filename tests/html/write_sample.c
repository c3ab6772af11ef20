/* SPDX-License-Identifier: MIT */
/* write_sample DIR: the tests' rich document as sample.html and in English without an official head as plain.html. */
#include "report/render.h"
#include "report/sample.h"

static int put(const kh_doc *d, const char *dir, const char *name)
{
    char *path = kh_asprintf("%s/%s", dir, name);
    kh_error err = KH_ERROR_INIT;
    int rc = kh_render_file(d, KH_FMT_HTML, NULL, path, NULL, &err);
    if (rc != KH_OK)
        fprintf(stderr, "%s: %s\n", path, err.text);
    kh_error_clear(&err);
    kh_free(path);
    return rc;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    kh_doc *d = sample_doc(2021, 3, 5);
    int rc = put(d, argv[1], "sample.html");
    kh_doc_free(d);
    d = kh_doc_new("A page in English", KH_LANG_EN);
    add_para(d, NULL, "Without an official head.");
    sample_tiles(d);
    kh_doc_add(d, NULL, KH_B_DETAILS)->anchor = "t7";
    kh_block_run(d, d->blocks[d->n_blocks - 1], "Explanation", false, false);
    rc = put(d, argv[1], "plain.html") || rc;
    kh_doc_free(d);
    return rc ? 1 : 0;
}
