/* SPDX-License-Identifier: MIT */
/*
 * A rich document that every renderer test uses: an official head, headings of
 * all levels, lists, a table with merged heads, signs, totals and notes, one
 * chart of each kind, tiles, folded parts, an appendix, a signature, and names
 * made to break whatever does not escape. Included by the tests; no main here.
 */
#ifndef TESTS_REPORT_SAMPLE_H
#define TESTS_REPORT_SAMPLE_H

#include "report/doc.h"

#include <stdio.h>
#include <string.h>

/* Texts that a format could take for something else than text. */
static const char *const nasty[] = {
    "<script>alert(\"1\")</script>", "R&D 'quoted' \"double\"", "=1+1", "+84 205 3812 345", "@SUM(A1)", "-không có",
    "＝cmd|'/c calc'!A1", "mặt cười 😀 và cờ 🇻🇳", "Hu\xcc\x9b\xcc\x83u Lu\xcc\x83ng", "an to\xe2\x80\xae\xc3\xa0n", "x\xe2\x80\x8fy\xe2\x81\xa6z",
    "a\x1b[31mb\x07", "_x0041_ và ]]>", "lone \xed\xa0\x80 surrogate, \xff byte", "U+FFFE \xef\xbf\xbe U+FFFF \xef\xbf\xbf", "dòng 1\ndòng 2\tsau tab",
    "| ống | và `mã` *sao* _gạch_ [x](y) # 1. -", "Nguyễn Thị Ánh Tuyết – Trưởng ban chỉ huy quân sự xã"};
enum { N_NASTY = sizeof nasty / sizeof *nasty };

static inline kh_dcell *cell_text(kh_doc *d, kh_dcell *c, const char *text)
{
    c->type = KH_D_TEXT;
    c->text = kh_arena_strdup(d->arena, text);
    return c;
}

static inline kh_dcell *cell_number(kh_doc *d, kh_dcell *c, const char *digits, int decimals)
{
    c->type = KH_D_NUMBER;
    c->number = kh_arena_strdup(d->arena, digits);
    c->decimals = decimals;
    return c;
}

static inline kh_dblock *add_heading(kh_doc *d, int level, int nth, const char *text)
{
    kh_dblock *b = kh_doc_add(d, NULL, KH_B_HEADING);
    char number[16];
    b->level = level;
    kh_heading_number(level, nth, number);
    b->number = kh_arena_strdup(d->arena, number);
    kh_block_run(d, b, text, false, false);
    return b;
}

static inline kh_dblock *add_para(kh_doc *d, kh_dblock *in, const char *text)
{
    kh_dblock *b = kh_doc_add(d, in, KH_B_PARA);
    b->align = KH_ALIGN_JUSTIFY;
    kh_block_run(d, b, text, false, false);
    return b;
}

static inline void add_list(kh_doc *d, kh_dblock *in, const char *const *items, size_t n, bool ordered)
{
    kh_dblock *b = kh_doc_add(d, in, KH_B_LIST);
    b->ordered = ordered;
    b->n_items = n;
    b->items = kh_arena_alloc(d->arena, n * sizeof *b->items);
    b->n_item_runs = kh_arena_alloc(d->arena, n * sizeof *b->n_item_runs);
    for (size_t i = 0; i < n; i++) {
        b->items[i] = kh_arena_alloc(d->arena, sizeof **b->items);
        b->items[i][0].text = kh_arena_strdup(d->arena, items[i]);
        b->n_item_runs[i] = 1;
    }
}

static const char *const sample_districts[] = {"Thành phố Lạng Sơn", "Huyện Tràng Định", "Huyện Bình Gia", "Huyện Văn Lãng", "Huyện Cao Lộc",
    "Huyện Văn Quan", "Huyện Bắc Sơn", "Huyện Hữu Lũng", "Huyện Chi Lăng", "Huyện Lộc Bình", "Huyện Đình Lập"};
enum { N_DISTRICTS = 11 };
static const double sample_rates[N_DISTRICTS] = {91.2, 84.1, 88.5, 79.6, 93.4, 85.0, 86.7, 90.1, 82.3, 87.9, 0};

/* A chart whose series hold copies of `y` (row by row); a value below -1e9 is missing. */
static inline kh_chart *sample_chart(kh_doc *d, kh_chart_kind kind, const char *title, const char *unit, const char *const *x, size_t n_x,
                                     const char *const *names, size_t n_series, const double *y, int decimals)
{
    kh_chart *c = kh_arena_alloc(d->arena, sizeof *c);
    c->kind = kind;
    c->title = kh_arena_strdup(d->arena, title);
    c->unit = kh_arena_strdup(d->arena, unit);
    c->decimals = decimals;
    c->n_x = n_x;
    c->x = kh_arena_alloc(d->arena, n_x * sizeof *c->x);
    memcpy(c->x, x, n_x * sizeof *c->x);
    c->n_series = n_series;
    c->series = kh_arena_alloc(d->arena, n_series * sizeof *c->series);
    for (size_t s = 0; s < n_series; s++) {
        c->series[s].name = kh_arena_strdup(d->arena, names[s]);
        c->series[s].y = kh_arena_alloc(d->arena, n_x * sizeof(double));
        c->series[s].there = kh_arena_alloc(d->arena, n_x * sizeof(bool));
        for (size_t i = 0; i < n_x; i++) {
            c->series[s].there[i] = y[s * n_x + i] > -1e9;
            c->series[s].y[i] = c->series[s].there[i] ? y[s * n_x + i] : 0;
        }
    }
    return c;
}

static inline kh_tone *sample_tones(kh_doc *d, const kh_series *s, size_t n, double target)
{
    kh_tone *t = kh_arena_alloc(d->arena, n * sizeof *t);
    for (size_t i = 0; i < n; i++)
        t[i] = !s->there[i] ? KH_TONE_MUTED : s->y[i] >= target ? KH_TONE_GOOD : s->y[i] >= target - 2 ? KH_TONE_WARN : KH_TONE_BAD;
    return t;
}

static inline void add_chart(kh_doc *d, kh_chart *c)
{
    kh_doc_add(d, NULL, KH_B_CHART)->chart = c;
}

static inline void sample_charts(kh_doc *d)
{
    static const double missing = -1e10;
    static const char *const one[] = {"Tỷ lệ"}, *const years[] = {"2016", "2017", "2018", "2019", "2020"};
    static const char *const groups[] = {"Đã đăng ký", "Đã sắp xếp", "Đúng chuyên nghiệp"};
    double y[N_DISTRICTS * 9];

    for (int i = 0; i < N_DISTRICTS; i++)
        y[i] = i == N_DISTRICTS - 1 ? missing : sample_rates[i];
    kh_chart *c = sample_chart(d, KH_CHART_BAR, "Biểu đồ 1. Tỷ lệ xếp đúng chuyên nghiệp quân sự theo huyện", "%", sample_districts, N_DISTRICTS, one, 1, y, 1);
    c->has_target = true;
    c->target = 85;
    c->series[0].tones = sample_tones(d, &c->series[0], N_DISTRICTS, 85);
    add_chart(d, c);

    static const double grouped[] = {1250, 980, 1100, 1430, 1120, 900, 1020, 1300, 1001, missing, 870, 1199};
    add_chart(d, sample_chart(d, KH_CHART_GROUPED, "Biểu đồ 2. Quân nhân dự bị theo năm", "người", years, 4, groups, 3, grouped, 0));
    add_chart(d, sample_chart(d, KH_CHART_STACKED, "Biểu đồ 3. Kinh phí theo nguồn", "triệu đồng", years, 4, groups, 3, grouped, 0));

    static const double line[] = {71.5, 76.2, 80.9, 84.4, 87.0, 65.0, 70.2, missing, 79.9, 86.5, 80.0, 82.0, 83.5, 86.0, 86.8};
    static const char *const names[] = {"Toàn tỉnh", "Huyện Cao Lộc (làm điểm)", "Bình quân vùng"};
    c = sample_chart(d, KH_CHART_LINE, "Biểu đồ 4. Xu hướng qua các năm", "%", years, 5, names, 3, line, 1);
    c->has_target = true;
    c->target = 85;
    add_chart(d, c);

    static const char *const targets[] = {"T1. Bồi dưỡng kiến thức quốc phòng và an ninh cho các đối tượng", "T4. Xã, phường, thị trấn diễn tập chiến đấu phòng thủ", "T7. Xếp đúng chuyên nghiệp quân sự"};
    static const char *const both[] = {"Kết quả", "Mục tiêu"};
    static const double bullet[] = {96.4, 18.2, 87.0, 95, 20, 85};
    c = sample_chart(d, KH_CHART_BULLET, "Biểu đồ 5. Kết quả so với mục tiêu", "%", targets, 3, both, 2, bullet, 1);
    c->series[0].tones = kh_arena_alloc(d->arena, 3 * sizeof(kh_tone));
    c->series[0].tones[0] = c->series[0].tones[2] = KH_TONE_GOOD;
    c->series[0].tones[1] = KH_TONE_BAD;
    add_chart(d, c);

    for (int k = 0; k < N_DISTRICTS; k++) {
        for (int i = 0; i < 5; i++)
            y[k * 5 + i] = k == N_DISTRICTS - 1 ? missing : sample_rates[k] - 3.5 * (4 - i) + (k * 7 + i * 3) % 5;
    }
    c = sample_chart(d, KH_CHART_MULTIPLES, "Biểu đồ 6. Từng huyện qua các năm", "%", years, 5, sample_districts, N_DISTRICTS, y, 1);
    c->has_target = true;
    c->target = 85;
    add_chart(d, c);

    static const char *const ind[] = {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9"};
    for (int k = 0; k < N_DISTRICTS; k++) {
        for (int i = 0; i < 9; i++)
            y[k * 9 + i] = (k * 9 + i) % 17 == 5 ? missing : 60 + (k * 31 + i * 17) % 41;
    }
    add_chart(d, sample_chart(d, KH_CHART_HEAT, "Biểu đồ 7. Huyện và chỉ tiêu", "%", ind, 9, sample_districts, N_DISTRICTS, y, 1));

    static const double status[9] = {0};
    c = sample_chart(d, KH_CHART_STRIP, "Biểu đồ 8. Tình trạng chín chỉ tiêu", "", ind, 9, one, 1, status, 0);
    c->series[0].tones = kh_arena_alloc(d->arena, 9 * sizeof(kh_tone));
    for (int i = 0; i < 9; i++) {
        c->series[0].there[i] = false;
        c->series[0].tones[i] = (kh_tone)(1 + i % 4);
    }
    add_chart(d, c);
}

/* Two parts side by side; the second a tinted table whose last cell has an anchor, which a link in the first leads to. */
static inline kh_doc *sample_board(void)
{
    kh_doc *d = kh_doc_new("Bảng điều khiển", KH_LANG_VI);
    kh_dblock *cols = kh_doc_add(d, NULL, KH_B_COLUMNS), *left = kh_doc_add(d, cols, KH_B_PART), *right = kh_doc_add(d, cols, KH_B_PART);
    kh_dblock *h = kh_doc_add(d, left, KH_B_HEADING);
    kh_block_run(d, h, "Phần trái", false, false);
    kh_block_run(d, kh_doc_add(d, left, KH_B_PARA), "Xem ô", false, false)->link = "#o-93";
    kh_dtable *t = kh_table_new(d, 2, 1);
    cell_text(d, kh_table_head(t, 0, 0), "Huyện");
    cell_text(d, kh_table_head(t, 0, 1), "T1");
    for (int i = 0; i < 2; i++) {
        kh_dcell *row = kh_table_row(d, t, false);
        cell_text(d, &row[0], i ? "Huyện Đình Lập" : "Huyện Cao Lộc");
        cell_number(d, &row[1], i ? "93.7" : "98.2", 1);
        row[1].tone = i ? KH_TONE_BAD : KH_TONE_GOOD;
        row[1].sign = i ? "✗" : "✓";
        row[1].anchor = i ? "o-93" : NULL;
    }
    t->tinted = true;
    kh_doc_add(d, right, KH_B_TABLE)->table = t;
    kh_dblock *fold = kh_doc_add(d, NULL, KH_B_DETAILS);
    kh_block_run(d, fold, "Nguồn", false, false);
    fold->anchor = "nguon";
    kh_block_run(d, kh_doc_add(d, fold, KH_B_PARA), "Tệp và dòng", false, false);
    return d;
}

static inline kh_dtable *sample_table(kh_doc *d)
{
    kh_dtable *t = kh_table_new(d, 8, 2);
    static const char *const signs[] = {"A", "B", "1", "2", "3", "4=3/2", "5", "C"};
    t->title = kh_arena_strdup(d->arena, "Biểu 1. Xếp quân nhân dự bị vào đơn vị dự bị động viên");
    t->unit_line = kh_arena_strdup(d->arena, "Đơn vị tính: người");
    t->signs = kh_arena_alloc(d->arena, sizeof signs);
    memcpy(t->signs, signs, sizeof signs);
    static const struct { int row, col, w, h; const char *text; } head[] = {
        {0, 0, 1, 2, "STT"}, {0, 1, 1, 2, "Đơn vị"}, {0, 2, 1, 2, "Tổng số đã đăng ký"}, {0, 3, 3, 1, "Sắp xếp vào đơn vị dự bị động viên"},
        {0, 6, 1, 2, "Kinh phí (đồng)"}, {0, 7, 1, 2, "Ghi chú"}, {1, 3, 1, 1, "Tổng số"}, {1, 4, 1, 1, "Đúng chuyên nghiệp"}, {1, 5, 1, 1, "Tỷ lệ (%)"}};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++) {
        kh_dcell *c = cell_text(d, kh_table_head(t, (size_t)head[i].row, (size_t)head[i].col), head[i].text);
        c->colspan = (uint16_t)head[i].w;
        c->rowspan = (uint16_t)head[i].h;
        for (int r = 0; r < head[i].h; r++) {
            for (int k = 0; k < head[i].w; k++) {
                if (r || k)
                    kh_table_head(t, (size_t)(head[i].row + r), (size_t)(head[i].col + k))->covered = true;
            }
        }
    }
    t->cols[2].live_total = t->cols[3].live_total = true;
    kh_dcell *row = kh_table_row(d, t, true);
    cell_text(d, &row[1], "Tổng số");
    cell_number(d, &row[2], "12765", -1);
    cell_number(d, &row[3], "11335", -1);
    cell_number(d, &row[4], "9865", -1);
    cell_number(d, &row[5], "87.03", 1)->tone = KH_TONE_GOOD;
    row[5].sign = "✓ đạt";
    cell_number(d, &row[6], "9007199254740993", -1);
    row[5].note = "Độ phủ: 10/11 đơn vị đã báo cáo.";
    for (int i = 0; i < N_DISTRICTS; i++) {
        char digits[24];
        row = kh_table_row(d, t, false);
        snprintf(digits, sizeof digits, "%d", i + 1);
        cell_number(d, &row[0], digits, -1);
        cell_text(d, &row[1], sample_districts[i]);
        if (i == N_DISTRICTS - 1) {
            cell_text(d, &row[2], "…")->note = "Chưa nộp báo cáo.";
            row[2].tone = KH_TONE_MUTED;
            continue;
        }
        snprintf(digits, sizeof digits, "%d", 1227 + i * 11);
        cell_number(d, &row[2], digits, -1);
        snprintf(digits, sizeof digits, "%d", 1111 + i * 5);
        cell_number(d, &row[3], digits, -1);
        snprintf(digits, sizeof digits, "%d", 980 + i);
        cell_number(d, &row[4], digits, -1);
        snprintf(digits, sizeof digits, "%.1f", sample_rates[i]);
        cell_number(d, &row[5], digits, 1)->tone = sample_rates[i] >= 85 ? KH_TONE_GOOD : KH_TONE_BAD;
        row[5].sign = sample_rates[i] >= 85 ? "✓ đạt" : "✗ không đạt";
        snprintf(digits, sizeof digits, "%lld", 818181818181LL + i * 1234567LL);
        cell_number(d, &row[6], digits, -1);
        cell_text(d, &row[7], i == 4 ? "Đơn vị làm điểm" : "");
    }
    t->notes = kh_arena_alloc(d->arena, sizeof *t->notes);
    t->notes[t->n_notes++] = "Nguồn: báo cáo của các huyện, thành phố.";
    return t;
}

static inline kh_dtable *sample_nasty_table(kh_doc *d)
{
    kh_dtable *t = kh_table_new(d, 3, 1);
    t->title = kh_arena_strdup(d->arena, "Biểu 2. Tên <khó> & \"lạ\"");
    cell_text(d, kh_table_head(t, 0, 0), "Tên");
    cell_text(d, kh_table_head(t, 0, 1), "=Tiêu đề");
    cell_text(d, kh_table_head(t, 0, 2), "Số âm");
    for (size_t i = 0; i < N_NASTY; i++) {
        kh_dcell *row = kh_table_row(d, t, false);
        cell_text(d, &row[0], nasty[i]);
        cell_text(d, &row[1], nasty[(i + 1) % N_NASTY]);
        cell_number(d, &row[2], "-1234567.5", 2);
    }
    return t;
}

static inline kh_dtable *sample_wide_table(kh_doc *d)
{
    kh_dtable *t = kh_table_new(d, 16, 1);
    t->title = kh_arena_strdup(d->arena, "Biểu 3. Bảng rộng in ngang");
    t->landscape = true;
    for (size_t i = 0; i < 16; i++)
        cell_text(d, kh_table_head(t, 0, i), i ? "Chỉ tiêu theo tháng" : "Huyện, thành phố");
    for (int r = 0; r < 40; r++) {
        kh_dcell *row = kh_table_row(d, t, false);
        cell_text(d, &row[0], sample_districts[r % N_DISTRICTS]);
        for (int i = 1; i < 16; i++)
            cell_number(d, &row[i], "1234567", -1);
    }
    return t;
}

static inline void sample_official(kh_doc *d, int year, int month, int day)
{
    kh_official *o = kh_arena_alloc(d->arena, sizeof *o);
    *o = (kh_official){.superior = "UBND TỈNH LẠNG SƠN", .agency = "BỘ CHỈ HUY QUÂN SỰ TỈNH", .number = "…/BC-BCH", .place = "Lạng Sơn", .year = year, .month = month,
                       .day = day, .kind = "BÁO CÁO", .subject = "Kết quả thực hiện Kế hoạch số 100/KH-UBND năm 2018", .to = "Ủy ban nhân dân tỉnh Lạng Sơn", .secrecy = "MẬT", .urgency = "HỎA TỐC"};
    kh_doc_add(d, NULL, KH_B_OFFICIAL)->official = o;
}

static inline void sample_sign(kh_doc *d)
{
    static const char *const to[] = {"Như trên;", "Bộ Tư lệnh Quân khu 1 (để b/c);", "UBND các huyện, thành phố;", "Lưu: VT, TM. N12."};
    kh_sign *s = kh_arena_alloc(d->arena, sizeof *s);
    *s = (kh_sign){.deputy = "KT. CHỈ HUY TRƯỞNG / PHÓ CHỈ HUY TRƯỞNG", .title = "CHỈ HUY TRƯỞNG", .name = "Đại tá Nguyễn Văn Ánh", .n_recipients = 4};
    s->recipients = kh_arena_alloc(d->arena, sizeof to);
    memcpy(s->recipients, to, sizeof to);
    kh_doc_add(d, NULL, KH_B_SIGN)->sign = s;
}

static inline void sample_tiles(kh_doc *d)
{
    static const double up[] = {71.5, 76.2, 80.9, 84.4, 87.0}, down[] = {23, 22.1, 0, 19.5, 18.2};
    static const bool gap[] = {true, true, false, true, true};
    kh_dblock *b = kh_doc_add(d, NULL, KH_B_TILES);
    b->n_tiles = 4;
    b->tiles = kh_arena_alloc(d->arena, 4 * sizeof *b->tiles);
    b->tiles[0] = (kh_tile){.title = "T7. Xếp đúng chuyên nghiệp quân sự", .value = "87,0", .unit = "%", .note = "10/11 đơn vị đã báo cáo", .link = "#t7", .tone = KH_TONE_GOOD,
                            .sign = "✓ đạt", .trend = kh_arena_alloc(d->arena, sizeof up), .n_trend = 5};
    memcpy(b->tiles[0].trend, up, sizeof up);
    b->tiles[1] = (kh_tile){.title = "T4. Xã, phường, thị trấn diễn tập chiến đấu phòng thủ", .value = "18,2", .unit = "%", .note = "Mục tiêu 20–25 %", .tone = KH_TONE_BAD,
                            .sign = "✗ không đạt", .trend = kh_arena_alloc(d->arena, sizeof down), .trend_there = kh_arena_alloc(d->arena, sizeof gap), .n_trend = 5};
    memcpy(b->tiles[1].trend, down, sizeof down);
    memcpy(b->tiles[1].trend_there, gap, sizeof gap);
    b->tiles[2] = (kh_tile){.title = "T9. Thao trường <xây dựng> & \"nâng cấp\"", .value = NULL, .tone = KH_TONE_MUTED, .sign = "○ chưa có số liệu"};
    b->tiles[3] = (kh_tile){.title = "Kinh phí đã quyết toán", .value = "12.345.678.901.234", .unit = "đồng", .tone = KH_TONE_WARN};
}

static inline kh_doc *sample_doc(int year, int month, int day)
{
    kh_doc *d = kh_doc_new("Kết quả thực hiện Kế hoạch 100/KH-UBND năm 2018", KH_LANG_VI);
    d->created = "2019-01-05T02:00:00Z";
    d->notice = "SỐ LIỆU MINH HỌA: các con số trong văn bản này là giả định, không phải số liệu thật.";
    sample_official(d, year, month, day);
    add_heading(d, 1, 1, "Kết quả thực hiện chỉ tiêu");
    kh_dblock *p = add_para(d, NULL, "Thực hiện Kế hoạch số 100/KH-UBND ngày 17/09/2016 của Ủy ban nhân dân tỉnh, năm 2018 toàn tỉnh có ");
    kh_block_run(d, p, "6/9 chỉ tiêu đạt", true, false);
    kh_block_run(d, p, ", trong đó ", false, false);
    kh_block_run(d, p, "huyện Cao Lộc", false, true);
    kh_block_run(d, p, " là đơn vị làm điểm; chi tiết tại ", false, false);
    kh_block_run(d, p, "phần giải trình chỉ tiêu T7", false, false)->link = "#t7";
    kh_block_run(d, p, ".", false, false);
    sample_tiles(d);
    add_heading(d, 2, 1, "Lực lượng dự bị động viên");
    add_para(d, NULL, "Tỷ lệ quân nhân dự bị được xếp đúng chuyên nghiệp quân sự đạt 87,0 %, tăng 2,6 điểm phần trăm so với năm trước.");
    kh_dblock *t = kh_doc_add(d, NULL, KH_B_TABLE);
    t->table = sample_table(d);
    for (int i = 1; i <= 6; i++)
        add_heading(d, 3, i, i == 5 ? "Điểm thứ năm đứng sau chữ d" : "Nội dung của điểm");
    kh_dblock *n = kh_doc_add(d, NULL, KH_B_NOTE);
    n->tone = KH_TONE_WARN;
    kh_block_run(d, n, "Độ phủ 10/11: huyện Đình Lập chưa nộp báo cáo, số liệu toàn tỉnh chưa gồm huyện này.", false, false);
    add_heading(d, 1, 2, "Tồn tại, hạn chế");
    add_list(d, NULL, nasty, N_NASTY, false);
    static const char *const steps[] = {"Đôn đốc các đơn vị nộp muộn.", "Kiểm tra, đối chiếu số liệu.", "Tổng hợp lại."};
    add_list(d, NULL, steps, 3, true);
    add_heading(d, 1, 3, "Biểu đồ");
    sample_charts(d);
    add_heading(d, 1, 4, "Giải trình");
    kh_dblock *fold = kh_doc_add(d, NULL, KH_B_DETAILS);
    fold->anchor = kh_arena_strdup(d->arena, "t7");
    kh_block_run(d, fold, "Chỉ tiêu T7: từ công thức đến từng dòng tệp", false, false);
    add_para(d, fold, "100 × 9.865 / 11.335 = 87,03 %");
    kh_doc_add(d, fold, KH_B_TABLE)->table = sample_nasty_table(d);
    sample_sign(d);
    kh_dblock *a = kh_doc_add(d, NULL, KH_B_APPENDIX);
    a->number = kh_arena_strdup(d->arena, "I");
    kh_block_run(d, a, "BẢNG TỔNG HỢP THEO HUYỆN, THÀNH PHỐ", false, false);
    kh_doc_add(d, NULL, KH_B_TABLE)->table = sample_wide_table(d);
    a = kh_doc_add(d, NULL, KH_B_APPENDIX);
    a->number = kh_arena_strdup(d->arena, "II");
    kh_block_run(d, a, "DANH SÁCH ĐƠN VỊ NỘP MUỘN", false, false);
    add_para(d, NULL, "Không có đơn vị nào khác.");
    return d;
}

#endif
