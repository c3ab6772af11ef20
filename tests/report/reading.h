/* SPDX-License-Identifier: MIT */
/* Reading back what was written: parts of a zip, XML that is well formed, and what stands in it. */
#ifndef TESTS_REPORT_READING_H
#define TESTS_REPORT_READING_H

#include "base/buf.h"
#include "base/mem.h"
#include "cm.h"

#include <expat.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

typedef struct parts { zip_t *zip; zip_source_t *source; } parts;

static inline parts parts_open(const kh_buf *bytes)
{
    zip_error_t e;
    parts p;
    zip_error_init(&e);
    p.source = zip_source_buffer_create(bytes->data, bytes->len, 0, &e);
    assert_non_null(p.source);
    p.zip = zip_open_from_source(p.source, ZIP_RDONLY, &e);
    assert_non_null(p.zip);
    zip_error_fini(&e);
    return p;
}

static inline void parts_close(parts *p)
{
    zip_discard(p->zip);
}

static inline bool parts_has(parts *p, const char *name)
{
    return zip_name_locate(p->zip, name, 0) >= 0;
}

/* The part's text, the caller's to free. */
static inline char *parts_read(parts *p, const char *name)
{
    zip_stat_t st;
    assert_int_equal(zip_stat(p->zip, name, 0, &st), 0);
    char *text = kh_zalloc(st.size + 1, 1);
    zip_file_t *f = zip_fopen(p->zip, name, 0);
    assert_non_null(f);
    assert_int_equal(zip_fread(f, text, st.size), (zip_int64_t)st.size);
    zip_fclose(f);
    return text;
}

static inline void assert_xml(const char *text, size_t len)
{
    XML_Parser x = XML_ParserCreate(NULL);
    if (XML_Parse(x, text, (int)len, 1) != XML_STATUS_OK) {
        fprintf(stderr, "line %lu: %s\n", (unsigned long)XML_GetCurrentLineNumber(x), XML_ErrorString(XML_GetErrorCode(x)));
        fail_msg("not well-formed XML");
    }
    XML_ParserFree(x);
}

/* All character data of an XML text, one after the other, a newline at the end of each element. */
typedef struct xml_text { kh_buf out; } xml_text;

static inline void XMLCALL xml_text_data(void *to, const char *s, int n)
{
    kh_buf_add(&((xml_text *)to)->out, s, (size_t)n);
}

static inline void XMLCALL xml_text_end(void *to, const char *name)
{
    (void)name;
    kh_buf_char(&((xml_text *)to)->out, '\n');
}

static inline char *text_of_xml(const char *xml)
{
    xml_text t = {KH_BUF_INIT};
    XML_Parser x = XML_ParserCreate(NULL);
    XML_SetUserData(x, &t);
    XML_SetCharacterDataHandler(x, xml_text_data);
    XML_SetEndElementHandler(x, xml_text_end);
    assert_int_equal(XML_Parse(x, xml, (int)strlen(xml), 1), XML_STATUS_OK);
    XML_ParserFree(x);
    kh_buf_str(&t.out, "");
    return kh_buf_take(&t.out);
}

static inline size_t count_of(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

#define assert_has(text, what)                                             \
    do {                                                                   \
        if (!strstr((text), (what)))                                       \
            fail_msg("not found: %s", (what));                             \
    } while (0)
#define assert_has_not(text, what)                                         \
    do {                                                                   \
        if (strstr((text), (what)))                                        \
            fail_msg("found, and should not be: %s", (what));              \
    } while (0)

#endif
