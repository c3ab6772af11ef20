/* SPDX-License-Identifier: MIT */
/* What shim.c and faults.c share: a page that both processes of a command count in. */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

typedef struct kh_fault_page { long count, hits; char asked[128]; /* the library that the last failed allocation was for */ } kh_fault_page;

#endif
