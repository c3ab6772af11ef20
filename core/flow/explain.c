/* SPDX-License-Identifier: MIT */
/*
 * explain: a figure's whole origin as a tree, as text for people and as JSON
 * for programs: result <- formula with numbers <- consolidated inputs with
 * their units <- values <- submission, file, line, version, who and when.
 */
#include "flow/flow.h"

#include "base/json.h"
#include "base/msg.h"
#include "base/text.h"
#include "report/format.h"

#include <string.h>

int kh_explain(kh_workspace *ws, const char *name, const char *unit, const char *period, kh_origin **out, kh_error *err)
{
    kh_def def;
    uint32_t ref;
    kh_unit u;
    kh_calc *k;
    *out = NULL;
    int rc = kh_catalog_need_name(ws->catalog, name, &def, &ref, err);
    if (rc != KH_OK)
        return rc;
    kh_period p = kh_period_parse(period, strlen(period));
    if (!p)
        return kh_fail(err, KH_EUSAGE, "\"%s\" is not a period; periods are written 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15", period);
    if ((rc = kh_session(ws, &k, err)) != KH_OK || (rc = kh_catalog_need_unit(ws->catalog, unit, kh_period_last(p), &u, err)) != KH_OK)
        return rc;
    kh_item item = {def == KH_DEF_MEASURE ? KH_ITEM_MEASURE : KH_ITEM_INDICATOR, ref, KH_NO_CUT};
    return kh_calc_explain(k, item, u, p, out, err);
}

/* --- text --------------------------------------------------------------------- */

static void add_value(const kh_origin *o, kh_buf *out)
{
    kh_buf_str(out, " = ");
    if (o->value)
        kh_format_number(o->value, -1, kh_msg_lang_now(), out);
    else
        kh_buf_printf(out, _("missing (%s)"), o->missing ? o->missing : "");
}

static void add_place(kh_workspace *ws, const kh_origin *o, kh_buf *out)
{
    char period[KH_PERIOD_TEXT], title[256];
    kh_period_format(o->period, period);
    kh_units_title(ws->catalog->units, o->unit, kh_msg_lang_now(), title, sizeof title);
    kh_buf_printf(out, "%s, %s", title, period);
}

static void add_coverage(const kh_origin *o, kh_buf *out)
{
    if (!o->expected)
        return;
    kh_buf_char(out, ' ');
    kh_buf_printf(out, _("[%u of %u reported]"), o->reported, o->expected);
}

static void add_cut(kh_workspace *ws, const kh_origin *o, kh_buf *out)
{
    if (o->cut != KH_NO_CUT)
        kh_buf_printf(out, "{%s}", kh_cut_key(ws->catalog->cuts, o->cut));
}

/* One line of the tree, without its indent. */
static void add_line(kh_workspace *ws, const kh_origin *o, kh_buf *out)
{
    const kh_catalog *c = ws->catalog;
    switch (o->kind) {
    case KH_O_RESULT:
    case KH_O_MEASURE:
        kh_buf_str(out, o->label);
        add_cut(ws, o, out);
        if (o->kind == KH_O_MEASURE && o->measure < c->n_measures && c->measures[o->measure].title)
            kh_buf_printf(out, " \"%s\"", c->measures[o->measure].title);
        kh_buf_str(out, " (");
        add_place(ws, o, out);
        kh_buf_char(out, ')');
        add_value(o, out);
        add_coverage(o, out);
        break;
    case KH_O_OP:
        kh_buf_str(out, o->label);
        add_value(o, out);
        break;
    case KH_O_CONST:
        if (o->value)
            kh_format_number(o->value, -1, kh_msg_lang_now(), out);
        else
            kh_buf_str(out, o->label);
        break;
    case KH_O_UNIT:
    case KH_O_PERIOD:
        add_place(ws, o, out);
        add_value(o, out);
        if (o->taken || o->left_out)
            kh_buf_printf(out, " (%s)", o->taken ? _("this period counts") : strcmp(o->label, "first") == 0 ? _("does not count, the first period does") : _("does not count, the last period does"));
        break;
    case KH_O_VALUE:
        add_place(ws, o, out);
        if (o->cut != KH_NO_CUT)
            kh_buf_printf(out, " {%s}", kh_cut_key(c->cuts, o->cut));
        add_value(o, out);
        kh_buf_str(out, "  <- ");
        kh_buf_printf(out, _("%s:%u (%s, submission %lld, version %d, received %s by %s)"), o->file ? o->file : "?", o->line, o->form ? o->form : "?",
                      (long long)o->submission, o->version, o->received ? o->received : "?", o->by ? o->by : "?");
        break;
    }
}

static void add_tree(kh_workspace *ws, const kh_origin *o, kh_buf *prefix, bool root, bool last, kh_buf *out)
{
    size_t keep = prefix->len;
    kh_buf line = KH_BUF_INIT;
    add_line(ws, o, &line);
    char *shown = kh_text_visible(line.data, line.len, false); /* names of files are data */
    kh_buf_add(out, kh_buf_cstr(prefix), prefix->len);
    if (!root)
        kh_buf_str(out, last ? "└─ " : "├─ ");
    kh_buf_str(out, shown);
    kh_buf_char(out, '\n');
    kh_free(shown);
    kh_buf_free(&line);
    if (!root)
        kh_buf_str(prefix, last ? "   " : "│  ");
    for (size_t i = 0; i < o->n_children; i++)
        add_tree(ws, o->children[i], prefix, false, i + 1 == o->n_children, out);
    prefix->len = keep;
    if (prefix->data)
        prefix->data[keep] = '\0';
}

void kh_origin_text(kh_workspace *ws, const kh_origin *o, kh_buf *out)
{
    kh_buf prefix = KH_BUF_INIT;
    add_tree(ws, o, &prefix, true, true, out);
    kh_buf_free(&prefix);
}

/* --- JSON --------------------------------------------------------------------- */

static const char *const kinds[] = {"result", "op", "constant", "measure", "unit", "period", "value"};

static void json_node(kh_workspace *ws, const kh_origin *o, kh_json *j)
{
    const kh_catalog *c = ws->catalog;
    char period[KH_PERIOD_TEXT];
    kh_json_begin(j, '{');
    kh_json_key(j, "kind"), kh_json_str(j, kinds[o->kind]);
    if (o->label)
        kh_json_key(j, "label"), kh_json_str(j, o->label);
    kh_json_key(j, "value");
    if (o->value && strspn(o->value, "-0123456789.") == strlen(o->value))
        kh_json_raw(j, o->value);
    else
        kh_json_str(j, o->value);
    if (!o->value && o->missing)
        kh_json_key(j, "missing"), kh_json_str(j, o->missing);
    if (o->kind != KH_O_OP && o->kind != KH_O_CONST && o->unit != KH_NO_UNIT) {
        kh_period_format(o->period, period);
        kh_json_key(j, "unit"), kh_json_str(j, kh_units_def(c->units, o->unit)->code);
        kh_json_key(j, "name"), kh_json_str(j, kh_units_def(c->units, o->unit)->name);
        kh_json_key(j, "period"), kh_json_str(j, period);
        if (o->cut != KH_NO_CUT)
            kh_json_key(j, "cut"), kh_json_str(j, kh_cut_key(c->cuts, o->cut));
    }
    if (o->expected) {
        kh_json_key(j, "reported"), kh_json_int(j, o->reported);
        kh_json_key(j, "expected"), kh_json_int(j, o->expected);
    }
    if (o->taken || o->left_out)
        kh_json_key(j, "counts"), kh_json_bool(j, o->taken);
    if (o->kind == KH_O_VALUE) {
        kh_json_key(j, "submission"), kh_json_int(j, o->submission);
        kh_json_key(j, "version"), kh_json_int(j, o->version);
        kh_json_key(j, "form"), kh_json_str(j, o->form);
        kh_json_key(j, "file"), kh_json_str(j, o->file);
        kh_json_key(j, "line"), kh_json_int(j, o->line);
        kh_json_key(j, "sha256"), kh_json_str(j, o->sha256);
        kh_json_key(j, "received"), kh_json_str(j, o->received);
        kh_json_key(j, "by"), kh_json_str(j, o->by);
    }
    if (o->n_children) {
        kh_json_key(j, "from");
        kh_json_begin(j, '[');
        for (size_t i = 0; i < o->n_children; i++)
            json_node(ws, o->children[i], j);
        kh_json_end(j, ']');
    }
    kh_json_end(j, '}');
}

void kh_origin_json(kh_workspace *ws, const kh_origin *o, kh_buf *out)
{
    kh_json j = KH_JSON(out);
    json_node(ws, o, &j);
    kh_buf_char(out, '\n');
}
