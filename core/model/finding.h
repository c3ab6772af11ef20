/* SPDX-License-Identifier: MIT */
/*
 * Findings: faults in data, collected all at once. A finding's code is stable
 * and documented (docs/findings.md); its texts are in the language of the
 * process when it was made.
 */
#ifndef KH_MODEL_FINDING_H
#define KH_MODEL_FINDING_H

#include <stddef.h>
#include <stdint.h>

typedef enum kh_severity { KH_ERROR, KH_WARNING, KH_NOTE } kh_severity;

typedef struct kh_finding {
    const char *file;     /* as the user named it */
    uint32_t line, column; /* physical, from 1; 0: the file as a whole */
    uint32_t row;         /* data row of the return, for refused rows; 0 none */
    kh_severity severity;
    const char *code;     /* "NUMBER", "UNIT-UNKNOWN", a rule's code, ... */
    const char *heading;  /* NULL, or the column's */
    const char *value;    /* NULL, or the cell's */
    const char *text;     /* what is wrong */
    const char *expected; /* NULL, or what would be right */
} kh_finding;

typedef struct kh_findings kh_findings;
kh_findings *kh_findings_new(void);
void kh_findings_free(kh_findings *f);
void kh_findings_add(kh_findings *f, const kh_finding *finding); /* texts are copied */
size_t kh_findings_count(const kh_findings *f, kh_severity severity);
size_t kh_findings_all(const kh_findings *f, const kh_finding **out); /* in the order added */
void kh_findings_sort(kh_findings *f);                            /* by file (first seen), line, column */
const char *kh_severity_name(kh_severity s);                      /* "error" "warning" "note", not translated */

#endif
