/* SPDX-License-Identifier: MIT */
/*
 * The stages of intake that know no form: bytes (source), text (charset, guess,
 * decode), rows, and what a single text means (number, phrase). Each can be
 * tested and fuzzed alone. Private to the room.
 */
#ifndef KH_INTAKE_STAGES_H
#define KH_INTAKE_STAGES_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/num.h"
#include "model/period.h"

/* --- source.c: a file, standard input, or bytes in memory ------------------ */
typedef struct kh_source kh_source;
/* "-" and pipes are kept (in memory, or beyond 64 MB in an unlinked temporary file), so that they can be read again. */
int kh_source_open(kh_source **out, const char *path, kh_error *err);
kh_source *kh_source_bytes(const void *bytes, size_t n); /* borrowed */
/* A second reader of the same bytes, from the start. The first must outlive it. */
kh_source *kh_source_again(const kh_source *s);
void kh_source_free(kh_source *s);
/* The first bytes, as many of `most` as there are; the reading begins where it did. */
int kh_source_peek(const kh_source *s, char *out, size_t most, size_t *n, kh_error *err);
/* The next block, valid until the next call; *n == 0: the end. */
int kh_source_read(kh_source *s, const char **block, size_t *n, kh_error *err);
/* Reads what is left; the SHA-256 and the number of all bytes. Not for kh_source_again. */
int kh_source_finish(kh_source *s, char hex[KH_SHA256_HEX], uint64_t *bytes, kh_error *err);
void kh_source_split(kh_source *s, size_t first); /* tests: the first block has just so many bytes */
/* The bytes, now the caller's (kh_free), of a source that its name cannot open again; NULL for regular files and what was too big to keep. */
char *kh_source_take(kh_source *s, size_t *n);

/* --- charset.c: one encoding, bytes -> UTF-8 in NFC ------------------------ */
typedef enum kh_charset { KH_CS_UTF8, KH_CS_UTF16LE, KH_CS_UTF16BE, KH_CS_1258, KH_CS_TCVN3, KH_CS_VNI, KH_CS_VISCII } kh_charset;

typedef struct kh_fault { uint64_t out, in; uint32_t unit; } kh_fault; /* offsets into text and file; the bad byte (or UTF-16 unit) */
typedef struct kh_faults { kh_fault *items; size_t n, cap; uint64_t more; } kh_faults; /* more: beyond what is kept */

/* Bytes of `s` that may be decoded by themselves: up to the last place where no sequence can be open. `last`: no more will come. */
size_t kh_charset_whole(kh_charset cs, const char *s, size_t n, bool last);
/* Appends the text of whole sequences; what is no text becomes U+FFFD and a fault. in_at: offset of s in the file; out_at: of out->data[0] in the text. faults NULL: bad bytes stay the characters of Windows-1252. */
void kh_charset_decode(kh_charset cs, const char *s, size_t n, uint64_t in_at, uint64_t out_at, kh_buf *out, kh_faults *faults);
/* A code point as the byte of Windows-1252 that a program took it for, or -1. */
int kh_charset_font_byte(uint32_t cp);

/* --- syllable.c ------------------------------------------------------------- */
enum { KH_SYLLABLE_MOST = 12 };
/* One lower-case NFC word: is it a syllable that Vietnamese could have? */
bool kh_syllable(const uint32_t *cp, size_t n);
uint32_t kh_viet_lower(uint32_t cp);  /* lower case of ASCII and Vietnamese letters */
bool kh_viet_letter(uint32_t cp);     /* ASCII or Vietnamese letter, either case */

/* --- guess.c: which encoding ------------------------------------------------- */
typedef struct kh_guess {
    bool decided;
    kh_charset charset; bool fonts; /* fonts: `charset` codes that stand in valid Unicode as Latin letters */
    int certainty;                  /* percent */
    size_t first;                   /* offset of the first byte that is not ASCII; undecided: of the first that is no UTF-8 */
} kh_guess;
/* words: lower-case words that the text is likely to hold (headings, unit names); asked for only when syllables do not decide. */
typedef kh_map *kh_words_fn(void *ctx);
void kh_guess_bytes(const char *s, size_t n, bool last, kh_words_fn *words, void *ctx, kh_guess *out);
/* Valid UTF-8: are its letters codes of old fonts? */
void kh_guess_fonts(const char *s, size_t n, kh_words_fn *words, void *ctx, kh_guess *out);

/* --- decode.c: the whole file's bytes -> UTF-8 ------------------------------- */
typedef struct kh_decode {
    kh_source *source;
    kh_words_fn *words; void *ctx;
    int state;
    bool declared, fonts, fonts_known, undecided, ended;
    bool contradicted;      /* a byte order mark says otherwise than what was declared */
    kh_charset charset;
    int certainty;
    kh_charset font_charset;
    uint64_t in_at, out_at; /* of the next byte of the file, of the text */
    uint64_t text_at;       /* out_at as it were without fonts */
    kh_buf raw, text;       /* bytes that wait for more; text that waits for its fonts to be known */
    kh_faults faults;
    size_t moved;           /* faults whose place has been put right for the fonts */
} kh_decode;
void kh_decode_init(kh_decode *d, kh_source *s, kh_words_fn *words, void *ctx);
void kh_decode_free(kh_decode *d);
int kh_decode_as(kh_decode *d, const char *encoding, kh_error *err); /* by name; KH_EUSAGE: unknown */
/* Appends text. 1: perhaps more to come; 0: the end; negative: failed. */
int kh_decode_pull(kh_decode *d, kh_buf *out, kh_error *err);
const char *kh_decode_name(const kh_decode *d); /* "UTF-8", ...; static */

/* --- rows.c: text -> records -------------------------------------------------- */
typedef struct kh_cell { const char *s; uint32_t n, line : 31, number : 1; } kh_cell; /* number: of a workbook, 1540.5 without grouping */
/* A workbook's sheet comes as text of this delimiter: each record is one line then, whatever stands in its quotes. Neither can stand in a workbook. */
enum { KH_SHEET_DELIMITER = 0x1F, KH_SHEET_NUMBER = 0x01 };
typedef enum kh_record_fault { KH_RECORD_GOOD, KH_RECORD_QUOTE_OPEN, KH_RECORD_QUOTE_STRAY, KH_RECORD_TOO_LONG } kh_record_fault;
typedef struct kh_record {
    const kh_cell *cells; uint32_t n; /* fault: the cells before it */
    uint32_t line;                    /* physical line where it begins */
    kh_record_fault fault;
    uint32_t fault_line, fault_column;
    uint64_t from, to;                /* offsets in the text */
} kh_record;
typedef int kh_text_fn(void *ctx, kh_buf *out, kh_error *err); /* like kh_decode_pull */
typedef struct kh_reader kh_reader;
enum { KH_RECORD_MOST = 8 << 20 }; /* bytes of one record */
kh_reader *kh_reader_new(kh_text_fn *pull, void *ctx, char delimiter);
void kh_reader_free(kh_reader *r);
/* 1: *out is the next record that is not an empty line, valid until the next call; 0: the end; negative: failed. */
int kh_reader_next(kh_reader *r, kh_record *out, kh_error *err);
uint32_t kh_reader_line(const kh_reader *r); /* the physical line that would be read next */
void kh_reader_by_libcsv(kh_reader *r);      /* tests: no short cut for lines without quotes */

/* --- number.c: a cell -> a number --------------------------------------------- */
/*
 * What a cell's shape says. In KH_NUM_DOT ("1.540") and KH_NUM_COMMA ("1,540") the mark stands before
 * exactly three digits: it groups or it divides, and the cell alone cannot tell.
 */
typedef enum kh_num_kind {
    KH_NUM_NONE,   /* not a number */
    KH_NUM_PLAIN,  /* digits, or blanks between groups */
    KH_NUM_POINT,  /* only right with a decimal point: 12.5, 1,234.5, 1,234,567 */
    KH_NUM_DECIMAL_COMMA, /* only right with a decimal comma: 12,5, 1.234,5, 1.234.567 */
    KH_NUM_DOT, KH_NUM_COMMA,
    KH_NUM_HUGE    /* a number, beyond 2^63 or 18 decimals */
} kh_num_kind;
typedef struct kh_num { int64_t m; uint8_t scale; bool percent, grouped; } kh_num; /* DOT, COMMA: all digits, scale 3 */
kh_num_kind kh_num_read(const char *s, size_t n, kh_num *out); /* trimmed text */

/* --- phrase.c: words for periods and days -------------------------------------- */
/* A period's name, or as people write it: "Quý I năm 2018", "6 tháng đầu năm 2018", "Tháng 3/2018", "202503", "2025Q1". The whole text. */
kh_period kh_phrase_period(const char *s, size_t n);
/* Every period named in a sentence, of the length `want` (KH_EVERY_NONE: any), without dates. Returns how many (at most `room` kept). */
size_t kh_phrase_periods(const char *s, size_t n, kh_freq want, kh_period *out, size_t room);
typedef enum kh_date_kind { KH_DATE_GOOD, KH_DATE_NONE, KH_DATE_NO_DAY /* 31/02 */, KH_DATE_MONTH_FIRST /* 12/31/2018 */, KH_DATE_SHORT_YEAR, KH_DATE_SERIAL /* 43115 */, KH_DATE_ENGLISH /* 5-Jan */ } kh_date_kind;
kh_date_kind kh_phrase_date(const char *s, size_t n, kh_day *out);

#endif
