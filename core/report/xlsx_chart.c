/* SPDX-License-Identifier: MIT */
/*
 * Charts as the spreadsheet's own: their figures stand on one sheet, the
 * pictures on another. A target is a second series drawn as an outline around
 * each bar, or a dashed line. Heat tables and strips have no chart of their
 * kind and are shaded cells.
 */
#include "report/xlsx.h"

#include "report/escape.h"
#include "report/svg.h"
#include "report/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct block { /* where a chart's figures stand on the data sheet */
    lxw_row_t row;     /* of the names of the series; figures below */
    const char *sheet;
} block;

static const lxw_color_t colours[] = {0x1d4e89, 0xb45309, 0x1f7a5c, 0x86347a, 0x6b6410, 0xa3263f, 0x2f7ea8, 0x5a6472};
enum { N_COLOURS = sizeof colours / sizeof *colours };

static lxw_color_t tone_colour(kh_tone t)
{
    static const lxw_color_t tones[] = {0x1d4e89, 0x1b6e4c, 0xb3261e, 0xb87a00, 0x5a6472};
    return tones[t];
}

static void number_format(const kh_chart *c, char *out, size_t room)
{
    snprintf(out, room, "#,##0%s%.*s", c->decimals ? "." : "", c->decimals, "000000000000000000");
}

/* Names across, categories down, the target in a column of its own. */
static block put_data(kh_xlsx *x, const kh_chart *c)
{
    if (!x->data) {
        x->data = kh_xlsx_sheet(x, kh_word_in(x->lang, KH_W_SHEET_DATA), false);
        worksheet_set_column(x->data, 0, 0, 42, NULL);
        worksheet_set_column(x->data, 1, 40, 16, NULL);
    }
    lxw_format *head = kh_xlsx_look(x, KH_X_HEAD, KH_ALIGN_CENTER), *text = kh_xlsx_look(x, KH_X_BODY, KH_ALIGN_LEFT);
    kh_xstyle style = {.look = KH_X_BODY, .align = KH_ALIGN_RIGHT};
    number_format(c, style.number, sizeof style.number);
    lxw_format *number = kh_xlsx_format(x, &style);
    kh_buf title = KH_BUF_INIT;
    kh_buf_printf(&title, "%s%s%s%s", c->title ? c->title : "", c->unit && *c->unit ? " (" : "", c->unit ? c->unit : "", c->unit && *c->unit ? ")" : "");
    kh_xlsx_put(x, x->data, x->data_row, 0, kh_buf_cstr(&title), kh_xlsx_look(x, KH_X_HEADING, KH_ALIGN_LEFT));
    kh_buf_free(&title);
    block b = {x->data_row + 1, x->data->name};
    double high = 1;
    for (size_t k = 0; k < c->n_series; k++) {
        const char *name = c->series[k].name ? c->series[k].name : "";
        kh_xlsx_put(x, x->data, b.row, (lxw_col_t)(k + 1), name, head);
        high = fmax(high, kh_xlsx_lines(name, 15));
    }
    kh_xlsx_check(x, worksheet_set_row(x->data, b.row, 4 + 15.75 * high, NULL));
    kh_xlsx_put(x, x->data, b.row, 0, "", head);
    if (c->has_target) {
        kh_buf name = KH_BUF_INIT;
        kh_chart_target_text(c, x->lang, &name); /* with its level, which the legend shows */
        kh_xlsx_put(x, x->data, b.row, (lxw_col_t)(c->n_series + 1), kh_buf_cstr(&name), head);
        kh_buf_free(&name);
    }
    for (size_t i = 0; i < c->n_x; i++) {
        lxw_row_t r = b.row + 1 + (lxw_row_t)i;
        kh_xlsx_put(x, x->data, r, 0, c->x[i], text);
        for (size_t k = 0; k < c->n_series; k++) {
            if (c->series[k].there[i]) /* a cell left empty is a gap in the chart */
                kh_xlsx_check(x, worksheet_write_number(x->data, r, (lxw_col_t)(k + 1), c->series[k].y[i], number));
        }
        if (c->has_target)
            kh_xlsx_check(x, worksheet_write_number(x->data, r, (lxw_col_t)(c->n_series + 1), c->target, number));
    }
    x->data_row = b.row + (lxw_row_t)c->n_x + 3;
    return b;
}

static lxw_chart_series *add_series(lxw_chart *chart, const kh_chart *c, const block *b, size_t col)
{
    lxw_chart_series *s = chart_add_series(chart, NULL, NULL);
    lxw_row_t last = b->row + (lxw_row_t)c->n_x;
    chart_series_set_categories(s, b->sheet, b->row + 1, 0, last, 0);
    chart_series_set_values(s, b->sheet, b->row + 1, (lxw_col_t)(col + 1), last, (lxw_col_t)(col + 1));
    chart_series_set_name_range(s, b->sheet, b->row, (lxw_col_t)(col + 1));
    return s;
}

/* Bars differ by pattern as well as by colour; a bar that fails is hatched. */
static void style_bar(lxw_chart_series *s, const kh_chart *c, size_t k)
{
    static const uint8_t patterns[] = {LXW_CHART_PATTERN_NONE, LXW_CHART_PATTERN_WIDE_UPWARD_DIAGONAL, LXW_CHART_PATTERN_DOTTED_DIAMOND, LXW_CHART_PATTERN_DARK_HORIZONTAL,
                                       LXW_CHART_PATTERN_WIDE_DOWNWARD_DIAGONAL, LXW_CHART_PATTERN_SMALL_GRID, LXW_CHART_PATTERN_DARK_VERTICAL, LXW_CHART_PATTERN_LARGE_CHECK};
    lxw_color_t colour = colours[k % N_COLOURS];
    lxw_chart_line line = {.color = colour, .width = 0.75f};
    chart_series_set_line(s, &line);
    if (k % 8 == 0) {
        lxw_chart_fill fill = {.color = colour};
        chart_series_set_fill(s, &fill);
    } else {
        lxw_chart_pattern pattern = {.fg_color = colour, .bg_color = 0xffffff, .type = patterns[k % 8]};
        chart_series_set_pattern(s, &pattern);
    }
    const kh_tone *tones = c->series[k].tones;
    if (!kh_series_toned(&c->series[k], c->n_x))
        return;
    lxw_chart_fill met = {.color = tone_colour(KH_TONE_GOOD)};
    chart_series_set_fill(s, &met); /* what the legend shows */
    lxw_chart_fill *fills = kh_zalloc(c->n_x, sizeof *fills);
    lxw_chart_pattern *bad = kh_zalloc(c->n_x, sizeof *bad);
    lxw_chart_point *points = kh_zalloc(c->n_x, sizeof *points), **list = kh_zalloc(c->n_x + 1, sizeof *list);
    for (size_t i = 0; i < c->n_x; i++) {
        fills[i].color = tones[i] == KH_TONE_NONE ? colour : tone_colour(tones[i]);
        bad[i] = (lxw_chart_pattern){.fg_color = tone_colour(tones[i]), .bg_color = 0xffffff, .type = LXW_CHART_PATTERN_WIDE_UPWARD_DIAGONAL};
        if (tones[i] == KH_TONE_BAD)
            points[i].pattern = &bad[i];
        else
            points[i].fill = &fills[i];
        list[i] = &points[i];
    }
    chart_series_set_points(s, list);
    kh_free(fills);
    kh_free(bad);
    kh_free(points);
    kh_free(list);
}

static void style_line(lxw_chart_series *s, size_t k)
{
    static const uint8_t markers[] = {LXW_CHART_MARKER_CIRCLE, LXW_CHART_MARKER_SQUARE, LXW_CHART_MARKER_TRIANGLE, LXW_CHART_MARKER_DIAMOND,
                                      LXW_CHART_MARKER_X, LXW_CHART_MARKER_PLUS, LXW_CHART_MARKER_STAR, LXW_CHART_MARKER_LONG_DASH};
    static const uint8_t dashes[] = {LXW_CHART_LINE_DASH_SOLID, LXW_CHART_LINE_DASH_DASH, LXW_CHART_LINE_DASH_ROUND_DOT, LXW_CHART_LINE_DASH_DASH_DOT};
    lxw_chart_line line = {.color = colours[k % N_COLOURS], .width = 2.0f, .dash_type = dashes[k % 4]};
    lxw_chart_fill fill = {.color = colours[k % N_COLOURS]};
    chart_series_set_line(s, &line);
    chart_series_set_marker_type(s, markers[k % 8]);
    chart_series_set_marker_size(s, 7);
    chart_series_set_marker_fill(s, &fill);
}

/* Beside lines a line; beside bars, which the library draws no line over, a frame around each as far as the target. */
static void style_target(lxw_chart_series *s, bool line)
{
    lxw_chart_line red = {.color = 0xb3261e, .width = 1.5f, .dash_type = LXW_CHART_LINE_DASH_DASH}, frame = {.color = 0x1a1a1a, .width = 1.25f};
    lxw_chart_fill clear = {.none = 1};
    chart_series_set_line(s, line ? &red : &frame);
    if (line)
        chart_series_set_marker_type(s, LXW_CHART_MARKER_NONE);
    else
        chart_series_set_fill(s, &clear);
}

/* Bars begin at zero, and all panels of small multiples have one scale, whatever the program would choose. */
static void set_scale(lxw_chart *chart, const kh_chart *c)
{
    bool lines = c->kind == KH_CHART_LINE || c->kind == KH_CHART_MULTIPLES, lying = c->kind == KH_CHART_BAR || c->kind == KH_CHART_BULLET;
    kh_scale scale = kh_scale_of(c, !lines, c->kind == KH_CHART_STACKED, c->kind == KH_CHART_MULTIPLES ? 3 : 5);
    lxw_chart_axis *value = lying ? chart->x_axis : chart->y_axis;
    lxw_chart_line pale = {.color = 0xd5dbe2, .width = 0.5f}, clear = {.none = 1};
    chart_axis_set_min(value, scale.lo);
    chart_axis_set_max(value, scale.hi);
    chart_axis_set_major_unit(value, scale.tick);
    chart_axis_major_gridlines_set_visible(value, LXW_TRUE);
    chart_axis_major_gridlines_set_line(value, &pale);
    chart_axis_set_line(value, &clear);
    char format[40];
    snprintf(format, sizeof format, "#,##0%s%.*s", scale.decimals ? "." : "", scale.decimals, "000000000");
    chart_axis_set_num_format(value, format);
    if (lying)
        chart_axis_major_gridlines_set_visible(chart->y_axis, LXW_FALSE);
}

static void set_texts(lxw_chart *chart, const kh_chart *c, const char *title)
{
    static char font_name[] = "Times New Roman";
    lxw_chart_font title_font = {.name = font_name, .size = 13, .bold = 1}, small = {.name = font_name, .size = 11}, name_font = {.name = font_name, .size = 11, .italic = 1};
    kh_buf text = KH_BUF_INIT;
    kh_plain_line(title ? title : "", &text);
    if (text.len > 240) { /* what the format takes; the whole title stands over the figures */
        size_t n = kh_buf_cstr(&text) ? 237 : 0;
        while (n && ((unsigned char)text.data[n] & 0xc0) == 0x80)
            n--;
        text.len = n;
        kh_buf_str(&text, "…");
    }
    chart_title_set_name(chart, kh_buf_cstr(&text));
    chart_title_set_name_font(chart, &title_font);
    kh_buf_clear(&text);
    bool bars = c->kind == KH_CHART_BAR || c->kind == KH_CHART_BULLET;
    lxw_chart_axis *value = bars ? chart->x_axis : chart->y_axis;
    if (c->unit && *c->unit) {
        kh_plain_line(c->unit, &text);
        chart_axis_set_name(value, kh_buf_cstr(&text));
        chart_axis_set_name_font(value, &name_font);
    }
    chart_axis_set_num_font(chart->x_axis, &small);
    chart_axis_set_num_font(chart->y_axis, &small);
    chart_legend_set_font(chart, &small);
    set_scale(chart, c);
    kh_buf_free(&text);
}

/* A page takes some 70 rows of this sheet: a picture that would be cut begins the next one. */
static void keep_whole(kh_xlsx *x, lxw_row_t rows)
{
    enum { PAGE = 70, MOST = 1000 };
    if (x->chart_row - x->page_row + rows <= PAGE || x->chart_row == x->page_row || x->n_breaks + 1 >= MOST)
        return;
    x->breaks = kh_grow(x->breaks, x->n_breaks, &x->cap_breaks, sizeof *x->breaks);
    x->breaks[x->n_breaks++] = x->chart_row;
    x->page_row = x->chart_row++; /* a row's distance, so that no border falls on the edge */
}

static void insert(kh_xlsx *x, lxw_chart *chart, const kh_chart *c, lxw_row_t row, lxw_col_t col, double w, double h)
{
    kh_buf alt = KH_BUF_INIT, plain = KH_BUF_INIT;
    kh_chart_alt(c, x->lang, &alt);
    kh_plain_line(kh_buf_cstr(&alt), &plain);
    char *text = kh_strdup(kh_buf_cstr(&plain));
    lxw_chart_options o = {.x_scale = w / 480, .y_scale = h / 288, .description = text};
    kh_xlsx_check(x, worksheet_insert_chart_opt(x->charts, row, col, chart, &o));
    kh_free(text);
    kh_buf_free(&alt);
    kh_buf_free(&plain);
}

static void put_multiples(kh_xlsx *x, const kh_chart *c, const block *b)
{
    lxw_row_t top = x->chart_row;
    for (size_t k = 0; k < c->n_series; k++) {
        if (k % 3 == 0 && k > 0) {
            x->chart_row = top + 12;
            keep_whole(x, 12);
            top = x->chart_row;
        }
        lxw_chart *chart = workbook_add_chart(x->book, LXW_CHART_LINE);
        style_line(add_series(chart, c, b, k), 0);
        if (c->has_target)
            style_target(add_series(chart, c, b, c->n_series), true);
        set_texts(chart, c, c->series[k].name);
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
        insert(x, chart, c, top, (lxw_col_t)(k % 3) * 5, 315, 230);
    }
    x->chart_row = top + 13;
}

static void put_cells(kh_xlsx *x, const kh_chart *c)
{
    kh_dtable *t = kh_chart_table(x->scratch, c, x->lang);
    for (size_t i = 0; c->kind == KH_CHART_HEAT && i < t->n_rows * t->n_cols; i++)
        t->body[i].text = t->body[i].type == KH_D_NUMBER ? NULL : t->body[i].text; /* figures, so that the shading can read them */
    lxw_row_t first;
    lxw_worksheet *ws = kh_xlsx_table(x, t, &first);
    if (!ws || c->kind != KH_CHART_HEAT || kh_chart_toned(c))
        return;
    lxw_conditional_format scale = {.type = LXW_CONDITIONAL_2_COLOR_SCALE, .min_color = 0xf4f8fc, .max_color = 0x88b1d6};
    kh_xlsx_check(x, worksheet_conditional_format_range(ws, first, 1, first + (lxw_row_t)t->n_rows - 1, (lxw_col_t)(t->n_cols - 1), &scale));
}

static uint8_t native_type(kh_chart_kind k)
{
    switch (k) {
    case KH_CHART_GROUPED: return LXW_CHART_COLUMN;
    case KH_CHART_STACKED: return LXW_CHART_COLUMN_STACKED;
    case KH_CHART_LINE: return LXW_CHART_LINE;
    case KH_CHART_BAR: case KH_CHART_BULLET: case KH_CHART_MULTIPLES: case KH_CHART_HEAT: case KH_CHART_STRIP: break;
    }
    return LXW_CHART_BAR;
}

static void put_native(kh_xlsx *x, const kh_chart *c, const block *b)
{
    lxw_chart *chart = workbook_add_chart(x->book, native_type(c->kind));
    bool line = c->kind == KH_CHART_LINE, lying = c->kind == KH_CHART_BAR || c->kind == KH_CHART_BULLET;
    size_t own = c->kind == KH_CHART_BULLET ? 1 : c->n_series;
    for (size_t k = 0; k < own; k++) {
        lxw_chart_series *s = add_series(chart, c, b, k);
        if (line)
            style_line(s, k);
        else
            style_bar(s, c, k);
        char format[40];
        number_format(c, format, sizeof format);
        if (!line) {
            chart_series_set_labels(s);
            chart_series_set_labels_num_format(s, format);
        }
    }
    if (c->kind == KH_CHART_BULLET && c->n_series > 1)
        style_target(add_series(chart, c, b, 1), false);
    else if (c->has_target && c->kind != KH_CHART_STACKED && c->kind != KH_CHART_GROUPED)
        style_target(add_series(chart, c, b, c->n_series), line);
    set_texts(chart, c, c->title);
    chart_legend_set_position(chart, own + (c->has_target ? 1 : 0) > 1 || c->kind == KH_CHART_BULLET ? LXW_CHART_LEGEND_BOTTOM : LXW_CHART_LEGEND_NONE);
    if (lying) {
        chart_set_series_overlap(chart, 100);
        chart_set_series_gap(chart, 45);
        chart_axis_set_reverse(chart->y_axis); /* the first row on top, as in the table */
        chart_axis_set_crossing_max(chart->y_axis);
    }
    double high = lying ? fmax(288, 130 + (double)c->n_x * 26) : 320;
    keep_whole(x, (lxw_row_t)ceil(high / 20) + 1);
    insert(x, chart, c, x->chart_row, 0, 860, high);
    x->chart_row += (lxw_row_t)ceil(high / 20) + 2;
}

void kh_xlsx_chart(kh_xlsx *x, const kh_chart *c)
{
    if (c->kind == KH_CHART_HEAT || c->kind == KH_CHART_STRIP) {
        put_cells(x, c);
        return;
    }
    if (!x->charts) {
        x->charts = kh_xlsx_sheet(x, kh_word_in(x->lang, KH_W_SHEET_CHARTS), false);
        if (x->doc->notice && *x->doc->notice)
            kh_xlsx_put(x, x->charts, x->chart_row++, 0, x->doc->notice, kh_xlsx_look(x, KH_X_NOTICE, KH_ALIGN_AUTO));
        x->chart_row++;
    }
    block b = put_data(x, c);
    if (c->kind == KH_CHART_MULTIPLES) {
        keep_whole(x, 14);
        kh_xlsx_put(x, x->charts, x->chart_row++, 0, c->title ? c->title : "", kh_xlsx_look(x, KH_X_HEADING, KH_ALIGN_AUTO));
        put_multiples(x, c, &b);
    } else {
        put_native(x, c, &b);
    }
}
