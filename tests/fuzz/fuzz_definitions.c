/* SPDX-License-Identifier: MIT */
/* Any text as a file of definitions: it loads, or an error says where it is wrong; never more. */
#include "script.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static bool ready;
    kh_workspace *ws;
    kh_script *s = NULL;
    kh_error err = KH_ERROR_INIT;
    if (!ready)
        fuzz_place();
    ready = true;
    fuzz_file("scripts/a.lua", (const char *)bytes, n);
    fuzz_quiet(true);
    int rc = fuzz_load(&ws, &s, &err);
    must(rc == KH_OK || (err.text && err.text[0]));
    if (rc == KH_OK && kh_workspace_store(ws, KH_STORE_MEMORY, &err) == KH_OK) /* mirrors them */
        must(ws->store != NULL);
    kh_error_clear(&err);
    kh_script_free(s);
    kh_workspace_free(ws);
    fuzz_quiet(false);
    return 0;
}
