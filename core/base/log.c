/* SPDX-License-Identifier: MIT */
/*
 * Log lines and progress on stderr. A line is written by one call, so that two
 * processes that share a terminal do not mix their lines; stdout is flushed
 * before it, so that results and log come in order where both go to one place.
 */
#include "base/log.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static kh_log_level limit = KH_LOG_NOTE;
static bool progress_shown;
static int64_t progress_at; /* ms: when it was last drawn */

void kh_log_limit(kh_log_level most)
{
    limit = most;
}

static void emit(const kh_buf *line)
{
    kh_progress_end();
    fflush(stdout);
    fwrite(line->data, 1, line->len, stderr);
    fflush(stderr);
}

static void add_visible(kh_buf *out, const char *text)
{
    size_t n = strlen(text);
    if (n && text[n - 1] == '\n')
        n--;
    char *shown = kh_text_visible(text, n, false);
    kh_buf_str(out, shown);
    kh_buf_char(out, '\n');
    kh_free(shown);
}

static void add_label(kh_buf *out, kh_log_level level)
{
    if (level > KH_LOG_WARNING)
        return;
    const char *none = getenv("NO_COLOR");
    bool colour = isatty(STDERR_FILENO) && !(none && *none);
    const char *label = level == KH_LOG_ERROR ? _("error") : _("warning");
    const char *on = level == KH_LOG_ERROR ? "\033[1;31m" : "\033[1;33m";
    kh_buf_printf(out, "%s%s:%s ", colour ? on : "", label, colour ? "\033[0m" : "");
}

void kh_log(kh_log_level level, const char *msgid, ...)
{
    if (level > limit)
        return;
    kh_buf text = KH_BUF_INIT, line = KH_BUF_INIT;
    va_list ap;
    va_start(ap, msgid);
    kh_buf_vprintf(&text, kh_tr(msgid), ap);
    va_end(ap);
    add_label(&line, level);
    add_visible(&line, text.data);
    emit(&line);
    kh_buf_free(&line);
    kh_buf_free(&text);
}

void kh_log_line(kh_log_level level, const char *text)
{
    if (level > limit)
        return;
    kh_buf line = KH_BUF_INIT;
    add_visible(&line, text);
    emit(&line);
    kh_buf_free(&line);
}

/* ---- progress ---- */

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t columns(void)
{
    struct winsize w;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 1 ? (size_t)w.ws_col - 1 : 79;
}

static void draw(const char *label, uint64_t done, uint64_t total)
{
    kh_buf line = KH_BUF_INIT;
    char *shown = kh_text_visible(label, strlen(label), false);
    kh_buf_str(&line, shown);
    if (total) {
        double share = done < total ? (double)done / (double)total : 1.0;
        kh_buf_printf(&line, " %3d %%  %" PRIu64 "/%" PRIu64, (int)(100 * share), done, total);
    } else {
        kh_buf_printf(&line, " %" PRIu64, done);
    }
    size_t fit = kh_text_fit(kh_buf_cstr(&line), line.len, columns());
    fprintf(stderr, "\r\033[K%.*s", (int)fit, line.data);
    fflush(stderr);
    progress_shown = true;
    kh_free(shown);
    kh_buf_free(&line);
}

void kh_progress(const char *label, uint64_t done, uint64_t total)
{
    if (limit < KH_LOG_NOTE || !isatty(STDERR_FILENO))
        return;
    if (total && done >= total) {
        kh_progress_end();
        return;
    }
    int64_t now = now_ms();
    static const char *of; /* the same work goes on: ten times a second, also after a line between, or it would flicker */
    static uint64_t last;
    bool goes_on = of && of == label && done >= last;
    if (goes_on && now - progress_at < 100)
        return;
    of = label;
    last = done;
    progress_at = now;
    draw(label, done, total);
}

void kh_progress_end(void)
{
    if (!progress_shown)
        return;
    progress_shown = false;
    fputs("\r\033[K", stderr);
    fflush(stderr);
}
