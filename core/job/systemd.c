/* SPDX-License-Identifier: MIT */
/*
 * Unit files. In a value `%` begins a specifier and `$` (in a command) a
 * variable, both are doubled; words are quoted, with `"` and `\` escaped
 * (systemd.syntax, systemd.service). A newline cannot be written at all and
 * would begin a setting of its own, so control bytes are refused.
 */
#include "job/systemd.h"

#include "base/mem.h"
#include "base/msg.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

static int check_text(const char *what, const char *s, kh_error *err)
{
    for (const char *p = s; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F) {
            char *shown = kh_text_visible(s, strlen(s), false);
            int rc = kh_fail(err, KH_EUSAGE, N_("%s \"%s\" has a control character, which a unit file cannot hold"), kh_tr(what), shown);
            kh_free(shown);
            return rc;
        }
    return KH_OK;
}

static int check_path(const char *what, const char *s, kh_error *err)
{
    if (*s != '/')
        return kh_fail(err, KH_EUSAGE, N_("%s \"%s\" is not an absolute path"), kh_tr(what), s);
    return check_text(what, s, err);
}

static int check_all(const kh_systemd *s, kh_error *err)
{
    int rc = check_path(N_("the program"), s->program, err);
    if (rc == KH_OK)
        rc = check_path(N_("the workspace"), s->root, err);
    for (size_t i = 0; rc == KH_OK && i < s->n_write; i++)
        rc = check_path(N_("the folder"), s->write[i], err);
    if (rc == KH_OK && s->title)
        rc = check_text(N_("the title"), s->title, err);
    if (rc == KH_OK && s->user)
        rc = check_text(N_("the user"), s->user, err);
    if (rc == KH_OK && s->user && (!*s->user || strpbrk(s->user, " \t\"'\\%$")))
        rc = kh_fail(err, KH_EUSAGE, N_("\"%s\" is no name of a user"), s->user);
    return rc;
}

/* A word in double quotes. `command`: `$` has a meaning there. */
static void add_word(kh_buf *out, const char *s, bool command)
{
    kh_buf_char(out, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            kh_buf_char(out, '\\');
        else if (*s == '%' || (*s == '$' && command))
            kh_buf_char(out, *s);
        kh_buf_char(out, *s);
    }
    kh_buf_char(out, '"');
}

/* Free text to the end of a line; a backslash there would join the next line to it. */
static void add_text(kh_buf *out, const char *s)
{
    for (; *s; s++) {
        if (*s == '%')
            kh_buf_char(out, '%');
        kh_buf_char(out, *s == '\\' ? '/' : *s);
    }
}

static const char *folder_name(const char *root, size_t *len)
{
    const char *end = root + strlen(root);
    while (end > root && end[-1] == '/')
        end--;
    const char *begin = end;
    while (begin > root && begin[-1] != '/')
        begin--;
    *len = (size_t)(end - begin);
    return begin;
}

static void add_title(kh_buf *out, const kh_systemd *s)
{
    size_t len;
    const char *name = folder_name(s->root, &len);
    char *own = kh_strndup(name, len);
    add_text(out, s->title && *s->title ? s->title : own);
    kh_free(own);
}

int kh_systemd_service(const kh_systemd *s, kh_buf *out, kh_error *err)
{
    int rc = check_all(s, err);
    if (rc != KH_OK)
        return rc;
    kh_buf_str(out, "[Unit]\nDescription=kehoach: due jobs of ");
    add_title(out, s);
    kh_buf_str(out, "\n\n[Service]\nType=oneshot\nExecStart=");
    add_word(out, s->program, true);
    kh_buf_str(out, " -C ");
    add_word(out, s->root, true);
    kh_buf_str(out, " job due\n"
                    "# 1: done, and some data has faults; 75: another run was at work. Neither is a fault of the service.\n"
                    "SuccessExitStatus=1 75\n");
    if (s->user)
        kh_buf_printf(out, "User=%s\n", s->user);
    kh_buf_str(out, "NoNewPrivileges=yes\nPrivateTmp=yes\nProtectSystem=strict\nProtectHome=read-only\nReadWritePaths=");
    add_word(out, s->root, false);
    for (size_t i = 0; i < s->n_write; i++) {
        kh_buf_char(out, ' ');
        add_word(out, s->write[i], false);
    }
    kh_buf_str(out, "\n");
    return KH_OK;
}

int kh_systemd_timer(const kh_systemd *s, kh_buf *out, kh_error *err)
{
    int rc = check_all(s, err), minutes = s->minutes ? s->minutes : 5;
    if (rc != KH_OK)
        return rc;
    if (minutes < 1 || minutes > 60)
        return kh_fail(err, KH_EUSAGE, N_("%d minutes between two looks for due jobs: 1 to 60 are possible"), minutes);
    kh_buf_str(out, "[Unit]\nDescription=kehoach: look for due jobs of ");
    add_title(out, s);
    kh_buf_str(out, "\n\n[Timer]\n");
    if (minutes == 60)
        kh_buf_str(out, "OnCalendar=hourly\n");
    else
        kh_buf_printf(out, "OnCalendar=*:0/%d\n", minutes);
    kh_buf_str(out, "Persistent=true\nAccuracySec=30s\n\n[Install]\nWantedBy=timers.target\n");
    return KH_OK;
}

void kh_systemd_name(const kh_systemd *s, kh_buf *out)
{
    size_t len;
    const char *name = folder_name(s->root, &len);
    char *bare = kh_text_bare(name, len);
    kh_buf_str(out, "kehoach");
    for (const char *p = bare; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');
        if (plain && (p == bare || !((p[-1] >= 'a' && p[-1] <= 'z') || (p[-1] >= '0' && p[-1] <= '9'))))
            kh_buf_char(out, '-'); /* once for whatever stood between two words */
        if (plain)
            kh_buf_char(out, *p);
    }
    kh_buf_cstr(out);
    kh_free(bare);
}
