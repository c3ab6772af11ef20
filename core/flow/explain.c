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
#include "flow/figures.h"
#include "report/format.h"

#include <string.h>

int kh_explain_item(kh_workspace *ws, kh_item item, kh_unit unit, kh_period p, const char *as_of, kh_origin **out, kh_error *err)
{
    kh_calc *k;
    bool own;
    *out = NULL;
    int rc = kh_session_as_of(ws, as_of, &k, &own, err);
    if (rc != KH_OK)
        return rc;
    rc = kh_calc_explain(k, item, unit, p, out, err);
    if (own)
        kh_calc_close(k);
    return rc;
}

static int fail_groups(const char *text, kh_error *err)
{
    return kh_fail(err, KH_EUSAGE, "\"%s\": groups of units are written ownership=public, several with ';' between them", text);
}

static int narrow_to_groups(kh_catalog *c, const char *text, kh_expr *e, kh_error *err)
{
    kh_unit_group groups[16];
    size_t n = 0;
    char *copy = kh_strdup(text), *rest = copy;
    int rc = KH_OK;
    for (char *part; rc == KH_OK && (part = strsep(&rest, ";"));) {
        char *equals = strchr(part, '=');
        if (!equals || equals == part || n == 16) {
            rc = fail_groups(text, err);
            break;
        }
        *equals = '\0';
        groups[n++] = (kh_unit_group){part, equals + 1};
    }
    if (rc == KH_OK && (*e = kh_expr_with_groups(c->exprs, *e, groups, n)) == KH_NO_EXPR)
        rc = kh_fail(err, KH_EUSAGE, "this figure cannot be narrowed to %s: it is of another value of the group, or made of other indicators", text);
    kh_free(copy);
    return rc;
}

/* The formula behind a name, for what is narrowed by a cut or by groups. */
static int narrowed(kh_catalog *c, const kh_explain_options *o, kh_item *item, kh_error *err)
{
    kh_cut cut = KH_NO_CUT;
    if (item->kind == KH_ITEM_INDICATOR && c->indicators[item->ref].each)
        return kh_fail(err, KH_EUSAGE, "indicator %s is computed cell by cell and cannot be narrowed; explain its inputs", c->indicators[item->ref].code);
    kh_expr_node leaf = {.op = KH_X_MEASURE, .a = KH_NO_EXPR, .b = KH_NO_EXPR, .c = KH_NO_EXPR, .ref = item->ref};
    kh_expr e = item->kind == KH_ITEM_INDICATOR ? c->indicators[item->ref].formula : kh_expr_add(c->exprs, &leaf);
    if (o->cut && (cut = kh_cut_parse(c->cuts, o->cut, strlen(o->cut), err)) == KH_CUT_BAD)
        return KH_EUSAGE;
    if (item->kind == KH_ITEM_MEASURE && !kh_type_is_number(c->measures[item->ref].type)) {
        item->cut = cut;
        return o->of ? kh_fail(err, KH_EUSAGE, "\"%s\" is not a number: it has no figure of groups", c->measures[item->ref].code) : KH_OK;
    }
    if (cut != KH_NO_CUT && (e = kh_expr_with_cut(c->exprs, c->cuts, e, cut)) == KH_NO_EXPR)
        return kh_fail(err, KH_EUSAGE, "this figure cannot be cut by %s: it is cut by that category already, or made of other indicators", o->cut);
    int rc = o->of ? narrow_to_groups(c, o->of, &e, err) : KH_OK;
    *item = (kh_item){KH_ITEM_EXPR, e, KH_NO_CUT};
    return rc;
}

int kh_explain(kh_workspace *ws, const char *name, const char *unit, const char *period, const kh_explain_options *o, kh_origin **out, kh_error *err)
{
    kh_def def;
    uint32_t ref;
    kh_unit u;
    *out = NULL;
    int rc = kh_catalog_need_name(ws->catalog, name, &def, &ref, err);
    if (rc != KH_OK)
        return rc;
    kh_period p = kh_period_parse(period, strlen(period));
    if (!p)
        return kh_fail(err, KH_EUSAGE, "\"%s\" is not a period; periods are written 2018, 2018H1, 2018-9M, 2018Q1, 2018-03, 2018W07 or 2018-03-15", period);
    kh_day at;
    if (!o || !o->as_of || !kh_day_parse(o->as_of, strlen(o->as_of), &at)) /* kh_session_as_of tells of a bad date */
        at = kh_period_last(p);
    if ((rc = kh_workspace_store(ws, KH_STORE_READ, err)) != KH_OK || (rc = kh_catalog_need_unit(ws->catalog, unit, at, &u, err)) != KH_OK)
        return rc;
    kh_item item = {def == KH_DEF_MEASURE ? KH_ITEM_MEASURE : KH_ITEM_INDICATOR, ref, KH_NO_CUT};
    if (o && (o->cut || o->of) && (rc = narrowed(ws->catalog, o, &item, err)) != KH_OK)
        return rc;
    return kh_explain_item(ws, item, u, p, o ? o->as_of : NULL, out, err);
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
    if (o->groups)
        kh_buf_printf(out, " of{%s}", o->groups);
}

static const kh_indicator *indicator_of(const kh_catalog *c, const kh_origin *o)
{
    uint32_t i = o->kind == KH_O_RESULT ? kh_catalog_find(c, KH_DEF_INDICATOR, o->label) : UINT32_MAX;
    return i != UINT32_MAX ? &c->indicators[i] : NULL;
}

/* "  >= 85 %: not met", and where the formula stands. */
static void add_judgement(const kh_indicator *ind, const kh_origin *o, kh_buf *out)
{
    if (!ind)
        return;
    if (o->target != UINT32_MAX) {
        kh_buf_str(out, "  ");
        kh_target_text(&ind->targets[o->target], o->lo, o->hi, ind->unit, kh_msg_lang_now(), out);
        kh_buf_printf(out, ": %s", kh_status_text(o->status));
    }
    if (ind->file)
        kh_buf_printf(out, "  <- %s:%d", ind->file, ind->line);
}

/* An operation is told its place where that is not what the line above says: prev, parent. */
static void add_op(kh_workspace *ws, const kh_origin *o, const kh_origin *up, kh_buf *out)
{
    kh_buf_str(out, o->label);
    add_cut(ws, o, out);
    if (!up || up->unit != o->unit || up->period != o->period) {
        kh_buf_str(out, " (");
        add_place(ws, o, out);
        kh_buf_char(out, ')');
    }
    add_value(o, out);
}

/* One line of the tree, without its indent. */
static void add_line(kh_workspace *ws, const kh_origin *o, const kh_origin *up, kh_buf *out)
{
    const kh_catalog *c = ws->catalog;
    switch (o->kind) {
    case KH_O_RESULT:
    case KH_O_MEASURE:
        kh_buf_str(out, o->label);
        add_cut(ws, o, out);
        if (o->kind == KH_O_MEASURE && o->measure < c->n_measures && c->measures[o->measure].title)
            kh_buf_printf(out, " \"%s\"", kh_say(c->measures[o->measure].title));
        kh_buf_str(out, " (");
        add_place(ws, o, out);
        kh_buf_char(out, ')');
        add_value(o, out);
        add_coverage(o, out);
        add_judgement(indicator_of(c, o), o, out);
        break;
    case KH_O_OP:
        add_op(ws, o, up, out);
        break;
    case KH_O_BOUND:
        kh_buf_printf(out, _("target: %s"), o->label);
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

static void add_tree(kh_workspace *ws, const kh_origin *o, const kh_origin *up, kh_buf *prefix, bool last, kh_buf *out)
{
    size_t keep = prefix->len;
    kh_buf line = KH_BUF_INIT;
    add_line(ws, o, up, &line);
    char *shown = kh_text_visible(line.data, line.len, false); /* names of files are data */
    kh_buf_add(out, kh_buf_cstr(prefix), prefix->len);
    if (up)
        kh_buf_str(out, last ? "└─ " : "├─ ");
    kh_buf_str(out, shown);
    kh_buf_char(out, '\n');
    kh_free(shown);
    kh_buf_free(&line);
    if (up)
        kh_buf_str(prefix, last ? "   " : "│  ");
    for (size_t i = 0; i < o->n_children; i++)
        add_tree(ws, o->children[i], o, prefix, i + 1 == o->n_children, out);
    prefix->len = keep;
    if (prefix->data)
        prefix->data[keep] = '\0';
}

void kh_origin_text(kh_workspace *ws, const kh_origin *o, kh_buf *out)
{
    kh_buf prefix = KH_BUF_INIT;
    add_tree(ws, o, NULL, &prefix, true, out);
    kh_buf_free(&prefix);
}

/* --- JSON --------------------------------------------------------------------- */

static const char *const kinds[] = {"result", "op", "constant", "measure", "unit", "period", "value", "bound"};

static bool is_number(const kh_catalog *c, const kh_origin *o)
{
    return o->measure >= c->n_measures || kh_type_is_number(c->measures[o->measure].type);
}

static void json_judgement(const kh_indicator *ind, const kh_origin *o, kh_json *j)
{
    if (!ind)
        return;
    if (o->target != UINT32_MAX) {
        kh_buf text = KH_BUF_INIT;
        kh_target_text(&ind->targets[o->target], o->lo, o->hi, NULL, KH_LANG_EN, &text);
        kh_json_key(j, "target"), kh_json_str(j, kh_buf_cstr(&text));
        kh_json_key(j, "status"), kh_json_str(j, kh_status_name(o->status));
        kh_buf_free(&text);
    }
    if (ind->source)
        kh_json_key(j, "formula"), kh_json_str(j, ind->source);
    if (ind->file) {
        kh_json_key(j, "defined"), kh_json_str(j, ind->file);
        kh_json_key(j, "defined_line"), kh_json_int(j, ind->line);
    }
}

static void json_node(kh_workspace *ws, const kh_origin *o, kh_json *j)
{
    const kh_catalog *c = ws->catalog;
    char period[KH_PERIOD_TEXT];
    kh_json_begin(j, '{');
    kh_json_key(j, "kind"), kh_json_str(j, kinds[o->kind]);
    if (o->label)
        kh_json_key(j, "label"), kh_json_str(j, o->label);
    if (o->groups)
        kh_json_key(j, "of"), kh_json_str(j, o->groups);
    kh_json_key(j, "value");
    if (o->value && is_number(c, o))
        kh_json_raw(j, o->value);
    else
        kh_json_str(j, o->value);
    if (!o->value && o->why)
        kh_json_key(j, "missing"), kh_json_str(j, kh_missing_name((kh_missing)o->why));
    json_judgement(indicator_of(c, o), o, j);
    if (o->unit != KH_NO_UNIT) {
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
