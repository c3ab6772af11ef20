/* SPDX-License-Identifier: MIT */
/* What shim.c and faults.c share: a page that all processes of a command count in, and by which they take turns. */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

enum { KH_LEAK = 99 }; /* status of a child that leaks, on a build with sanitizers */
enum { KH_TURN_RUN, KH_TURN_POINT, KH_TURN_DONE }; /* the command runs; waits for its files to be noted; for a child to be judged */

typedef struct kh_fault_page {
    long count, hits;
    char asked[128]; /* the library that the last failed allocation was for */
    /* KH_FAULT=fork */
    int held;        /* by the process that forks: supervisor and worker do it one after the other */
    int turn;        /* a futex */
    int child;       /* the last one's process, */
    int status;      /* and how it ended, as by waitpid */
    long ended;      /* children that said why, ended with 3 or 4, and did nothing on the disk: they need no judgement */
    long out, err;   /* how long the outputs were before the child that is to be judged */
    long steps;      /* steps on the disk so far */
} kh_fault_page;

#endif
