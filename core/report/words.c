/* SPDX-License-Identifier: MIT */
/* The table of words.h. One row a word, so that a language is added as a column. */
#include "report/words.h"

#include <string.h>

static const char *const words[][2] = {
    [KH_W_SKIP] = {"Đến nội dung chính", "Skip to the content"},
    [KH_W_CONTENTS] = {"Mục lục", "Contents"},
    [KH_W_NOTES] = {"Ghi chú", "Notes"},
    [KH_W_UNIT] = {"Đơn vị tính", "Unit"},
    [KH_W_TARGET] = {"Mục tiêu", "Target"},
    [KH_W_MISSING] = {"chưa có số liệu", "no data"},
    [KH_W_CHART_DATA] = {"Số liệu của biểu đồ", "Data of the chart"},
    [KH_W_APPENDIX] = {"Phụ lục", "Appendix"},
    [KH_W_TO] = {"Kính gửi:", "To:"},
    [KH_W_RECIPIENTS] = {"Nơi nhận:", "Recipients:"},
    [KH_W_NUMBER] = {"Số:", "No.:"},
    [KH_W_ENCLOSED] = {"Kèm theo", "Enclosed with"},
    [KH_W_CONTINUED] = {"tiếp theo", "continued"},
    [KH_W_COLUMNS] = {"cột", "columns"},
    [KH_W_TOTAL] = {"Tổng số", "Total"},
    [KH_W_STATUS] = {"đánh giá", "status"},
    [KH_W_TILE_NAME] = {"Nội dung", "Item"},
    [KH_W_TILE_VALUE] = {"Giá trị", "Value"},
    [KH_W_TILE_NOTE] = {"Ghi chú", "Note"},
    [KH_W_TREND] = {"Xu hướng", "Trend"},
    [KH_W_SHEET_TEXT] = {"Thuyết minh", "Text"},
    [KH_W_SHEET_TABLE] = {"Biểu", "Table"},
    [KH_W_SHEET_CHARTS] = {"Biểu đồ", "Charts"},
    [KH_W_SHEET_DATA] = {"Số liệu biểu đồ", "Chart data"},
    [KH_W_EXACT_TEXT] = {"Số có trên 15 chữ số được ghi dạng văn bản để giữ đúng từng chữ số; công thức của bảng tính không cộng các ô này.",
                         "Numbers of more than 15 digits are kept as text so that every digit stays exact; spreadsheet formulas do not add these cells."},
    [KH_W_GOOD] = {"đạt", "met"},
    [KH_W_BAD] = {"không đạt", "not met"},
    [KH_W_WARN] = {"cần chú ý", "attention"},
    [KH_W_MUTED] = {"chưa đánh giá", "not assessed"},
    [KH_W_ITEM] = {"Chỉ tiêu", "Item"},
    [KH_W_PAGE] = {"Trang", "Page"},
    [KH_W_OVERVIEW] = {"Tổng quan", "Overview"},
    [KH_W_NOTE_OF] = {"Ghi chú của ô", "Note on cell"},
    [KH_W_SCROLL] = {"Bảng có thể cuộn ngang", "Table, scrolls sideways"},
    [KH_W_REPORT] = {"Báo cáo", "Report"},
    [KH_W_NATION] = {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM"},
    [KH_W_MOTTO] = {"Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness"},
};

kh_lang kh_doc_lang(const kh_doc *d)
{
    return d->lang && strcmp(d->lang, "en") == 0 ? KH_LANG_EN : KH_LANG_VI;
}

const char *kh_word_in(kh_lang lang, kh_word w)
{
    return words[w][lang == KH_LANG_EN];
}

const char *kh_tone_mark(kh_tone t)
{
    static const char *const marks[] = {"", "✓", "✗", "!", "○"};
    return marks[t];
}

const char *kh_tone_word(kh_lang lang, kh_tone t)
{
    switch (t) {
    case KH_TONE_GOOD: return kh_word_in(lang, KH_W_GOOD);
    case KH_TONE_BAD: return kh_word_in(lang, KH_W_BAD);
    case KH_TONE_WARN: return kh_word_in(lang, KH_W_WARN);
    case KH_TONE_MUTED: return kh_word_in(lang, KH_W_MUTED);
    case KH_TONE_NONE: break;
    }
    return "";
}

const char *kh_tone_class(kh_tone t)
{
    static const char *const names[] = {"", "good", "bad", "warn", "muted"};
    return names[t];
}
