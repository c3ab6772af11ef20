/* SPDX-License-Identifier: MIT */
/* late: who must send what by when, what came and when, as a frame. */
#include "flow/flow.h"

#include "base/msg.h"

#include <string.h>

enum { C_FORM, C_PERIOD, C_UNIT, C_DUE, C_RECEIVED, C_DAYS, C_VERSION, C_STATUS };

typedef struct late_list { kh_workspace *ws; kh_frame *f; bool only_late; } late_list;

static kh_day received_day(const char *utc)
{
    kh_day d = KH_DAY_MAX;
    if (utc && kh_day_parse(utc, 10, &d) && strcmp(utc + 11, "17") >= 0)
        d++; /* UTC+7: after 17:00 UTC it is the next day here */
    return d;
}

static void put_text(kh_frame *f, size_t row, size_t col, const char *text)
{
    kh_cell *c = kh_frame_cell(f, row, col);
    c->type = KH_C_TEXT;
    c->text = kh_arena_strdup(f->arena, text);
}

static void put_int(kh_frame *f, size_t row, size_t col, kh_cell_type type, int64_t v)
{
    kh_cell *c = kh_frame_cell(f, row, col);
    c->type = type;
    c->i = v;
}

static int note_due(void *ctx, const kh_due *d)
{
    late_list *l = ctx;
    bool missing = !d->received;
    bool overdue = missing && l->ws->today > d->due;
    if (l->only_late && !overdue && (missing || !d->late))
        return 0;
    kh_day end = missing ? l->ws->today : received_day(d->received);
    char day[KH_DAY_TEXT];
    size_t row = kh_frame_add_row(l->f);
    put_text(l->f, row, C_FORM, l->ws->catalog->forms[d->form].code);
    put_int(l->f, row, C_PERIOD, KH_C_PERIOD, d->period);
    put_int(l->f, row, C_UNIT, KH_C_UNIT, d->sender);
    kh_day_format(d->due, day);
    put_text(l->f, row, C_DUE, day);
    if (!missing) {
        kh_day_format(end, day);
        put_text(l->f, row, C_RECEIVED, day);
        put_int(l->f, row, C_VERSION, KH_C_INT, d->version);
    }
    if (overdue || (!missing && d->late))
        put_int(l->f, row, C_DAYS, KH_C_INT, end - d->due);
    put_text(l->f, row, C_STATUS, missing ? (overdue ? _("not received") : _("not yet due")) : d->late ? _("late") : _("on time"));
    return 0;
}

int kh_late(kh_workspace *ws, const char *form, const char *period, bool only_late, kh_frame **out, kh_error *err)
{
    kh_calc *k;
    kh_period *periods = NULL;
    size_t n = 0;
    uint32_t known;
    *out = NULL;
    int rc = KH_OK;
    if (form && (rc = kh_catalog_need(ws->catalog, KH_DEF_FORM, form, &known, err)) != KH_OK)
        return rc;
    if ((rc = kh_session(ws, &k, err)) != KH_OK || (rc = kh_periods_of(ws, period, NULL, &periods, &n, err)) != KH_OK)
        return rc;
    late_list l = {ws, kh_frame_new(ws->catalog), only_late};
    kh_frame_add_column(l.f, "form", _("Form"), NULL, -1);
    kh_frame_add_column(l.f, "period", _("Period"), NULL, -1);
    kh_frame_add_column(l.f, "unit", _("Sender"), NULL, -1);
    kh_frame_add_column(l.f, "due", _("Due"), NULL, -1);
    kh_frame_add_column(l.f, "received", _("Received"), NULL, -1);
    kh_frame_add_column(l.f, "days", _("Days late"), NULL, 0);
    kh_frame_add_column(l.f, "version", _("Version"), NULL, 0);
    kh_frame_add_column(l.f, "status", _("Status"), NULL, -1);
    for (size_t i = 0; rc == KH_OK && i < n; i++)
        rc = kh_calc_due(k, form, periods[i], note_due, &l, err);
    kh_free(periods);
    if (rc != KH_OK) {
        kh_frame_free(l.f);
        return rc;
    }
    *out = l.f;
    return KH_OK;
}
