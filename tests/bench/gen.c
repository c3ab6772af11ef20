/* SPDX-License-Identifier: MIT */
/*
 * The workload of the benchmarks: a country's monthly returns, made from
 * nothing and the same on every machine.
 *
 *   gen SIZE FOLDER       SIZE: tiny (51 thousand values), 1m, 3m, 10m, full (12,506,732), 30m
 *
 *   units.csv     code,name,kind,parent: nation > province > district > commune
 *   long.csv      unit,period,measure,value: a value a line; what is missing has no line
 *   wide.csv      unit,period,m01..m20: a commune and month a line; what is missing is an empty cell
 *   returns/      the lines of wide.csv as one file a province and month: WIDE_01_2020-01.csv
 *   meta          shell variables: what was made
 *
 * A value depends on its commune and month alone. The generator of numbers is
 * Matsumoto and Nishimura's MT19937, so that any other program can make the
 * same table and check ours. All figures are invented.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MEASURES = 20, MOST_UNITS = 12000, START = 2020 };

/* ---- random numbers -------------------------------------------------------- */

enum { MT_N = 624, MT_M = 397 };
static uint32_t mt[MT_N];
static int mt_at;

static void mt_seed(uint32_t low, uint32_t high)
{
    const uint32_t key[2] = {low, high};
    mt[0] = 19650218u;
    for (uint32_t i = 1; i < MT_N; i++)
        mt[i] = 1812433253u * (mt[i - 1] ^ (mt[i - 1] >> 30)) + i;
    uint32_t i = 1, j = 0;
    for (int k = MT_N; k; k--) {
        mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1664525u)) + key[j] + j;
        if (++i == MT_N) {
            mt[0] = mt[MT_N - 1];
            i = 1;
        }
        j ^= 1;
    }
    for (int k = MT_N - 1; k; k--) {
        mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1566083941u)) - i;
        if (++i == MT_N) {
            mt[0] = mt[MT_N - 1];
            i = 1;
        }
    }
    mt[0] = 0x80000000u;
    mt_at = 0;
}

/* A row asks for some sixty numbers of 624: each word is made when it is asked for. */
static uint32_t mt_next(void)
{
    int i = mt_at, next = i + 1 == MT_N ? 0 : i + 1, far = i + MT_M >= MT_N ? i + MT_M - MT_N : i + MT_M;
    uint32_t y = (mt[i] & 0x80000000u) | (mt[next] & 0x7FFFFFFFu);
    mt[i] = mt[far] ^ (y >> 1) ^ (y & 1 ? 0x9908B0DFu : 0);
    y = mt[i];
    mt_at = next;
    y ^= y >> 11;
    y ^= (y << 7) & 0x9D2C5680u;
    y ^= (y << 15) & 0xEFC60000u;
    return y ^ (y >> 18);
}

/* In [0, 1), 53 bits. */
static double r(void)
{
    uint32_t a = mt_next() >> 5, b = mt_next() >> 6;
    return (a * 67108864.0 + b) / 9007199254740992.0;
}

/* ---- units ------------------------------------------------------------------ */

static const char *const PROVINCES[] = {
    "Thành phố Hà Nội", "Tỉnh Hà Giang", "Tỉnh Cao Bằng", "Tỉnh Bắc Kạn", "Tỉnh Tuyên Quang", "Tỉnh Lào Cai", "Tỉnh Điện Biên", "Tỉnh Lai Châu", "Tỉnh Sơn La",
    "Tỉnh Yên Bái", "Tỉnh Hoà Bình", "Tỉnh Thái Nguyên", "Tỉnh Lạng Sơn", "Tỉnh Quảng Ninh", "Tỉnh Bắc Giang", "Tỉnh Phú Thọ", "Tỉnh Vĩnh Phúc", "Tỉnh Bắc Ninh",
    "Tỉnh Hải Dương", "Thành phố Hải Phòng", "Tỉnh Hưng Yên", "Tỉnh Thái Bình", "Tỉnh Hà Nam", "Tỉnh Nam Định", "Tỉnh Ninh Bình", "Tỉnh Thanh Hóa", "Tỉnh Nghệ An",
    "Tỉnh Hà Tĩnh", "Tỉnh Quảng Bình", "Tỉnh Quảng Trị", "Tỉnh Thừa Thiên Huế", "Thành phố Đà Nẵng", "Tỉnh Quảng Nam", "Tỉnh Quảng Ngãi", "Tỉnh Bình Định",
    "Tỉnh Phú Yên", "Tỉnh Khánh Hòa", "Tỉnh Ninh Thuận", "Tỉnh Bình Thuận", "Tỉnh Kon Tum", "Tỉnh Gia Lai", "Tỉnh Đắk Lắk", "Tỉnh Đắk Nông", "Tỉnh Lâm Đồng",
    "Tỉnh Bình Phước", "Tỉnh Tây Ninh", "Tỉnh Bình Dương", "Tỉnh Đồng Nai", "Tỉnh Bà Rịa - Vũng Tàu", "Thành phố Hồ Chí Minh", "Tỉnh Long An", "Tỉnh Tiền Giang",
    "Tỉnh Bến Tre", "Tỉnh Trà Vinh", "Tỉnh Vĩnh Long", "Tỉnh Đồng Tháp", "Tỉnh An Giang", "Tỉnh Kiên Giang", "Thành phố Cần Thơ", "Tỉnh Hậu Giang", "Tỉnh Sóc Trăng",
    "Tỉnh Bạc Liêu", "Tỉnh Cà Mau"};
static const char *const FIRST[] = {"Tân", "Bình", "Phú", "Long", "Hòa", "Vĩnh", "Thạnh", "Đông", "Tây", "Nam", "Bắc", "Thanh", "Xuân", "Mỹ", "An", "Phước", "Hưng", "Quảng", "Đại", "Yên"};
static const char *const SECOND[] = {"Phú", "Lộc", "Sơn", "Thành", "Hải", "Giang", "Thủy", "Lợi", "Trị", "Phong", "Khánh", "Hiệp", "Nghĩa", "Đức", "Lâm", "Hà", "Châu", "Thịnh", "Trung", "Thượng"};
static const char *const DISTRICT[] = {"Huyện", "Huyện", "Huyện", "Huyện", "Thị xã", "Quận", "Thành phố"};
static const char *const COMMUNE[] = {"Xã", "Xã", "Xã", "Xã", "Xã", "Phường", "Phường", "Thị trấn"};

typedef struct commune { char code[8]; int province; } commune;
static commune communes[MOST_UNITS];
static int n_communes, n_units;

static void *must_open(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        fprintf(stderr, "gen: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    setvbuf(f, NULL, _IOFBF, 1 << 20);
    return f;
}

static void must_close(FILE *f)
{
    if (fclose(f) != 0) {
        fprintf(stderr, "gen: cannot write: %s\n", strerror(errno));
        exit(1);
    }
}

static void districts(FILE *f, int p, int first, int nd, int nc)
{
    for (int i = 0; i < nd; i++) {
        int d = first + i + 1;
        fprintf(f, "%03d,%s %s %s,district,%02d\n", d, DISTRICT[(d * 5) % 7], FIRST[(d * 7) % 20], SECOND[(d * 3 + d / 20) % 20], p + 1);
        for (int k = 0; k < nc / nd + (i < nc % nd); k++) {
            int c = n_communes + 1;
            commune *m = &communes[n_communes++];
            m->province = p;
            snprintf(m->code, sizeof m->code, "%05d", c * 3);
            fprintf(f, "%s,%s %s %s,commune,%03d\n", m->code, COMMUNE[(c * 3) % 8], FIRST[(c * 11 + c / 20) % 20], SECOND[(c * 7 + c / 400) % 20], d);
        }
    }
    n_units += nd + nc;
}

static void units(FILE *f, int provinces)
{
    fputs("code,name,kind,parent\nVN,Việt Nam,nation,\n", f);
    int d = 0;
    n_units = 1 + provinces;
    for (int p = 0; p < provinces; p++) {
        int nd = provinces == 1 ? 11 : 11 + (p % 5 == 0) - (p % 6 == 5) + (p % 9 == 4);
        int nc = provinces == 1 ? 226 : 174 + p * 37 % 61 - 30 + p % 2;
        fprintf(f, "%02d,%s,province,VN\n", p + 1, PROVINCES[p]);
        districts(f, p, d, nd, nc);
        d += nd;
    }
}

/* ---- values ----------------------------------------------------------------- */

typedef char cells[MEASURES][24];

/* Odd-looking constants spread the ratios on both sides of usual targets, with real zeros in some denominators. */
static void row(uint32_t u, uint32_t t, cells w)
{
    mt_seed(u << 16 | t, 1u << 8);
    int k = 0;
    int64_t pop = 800 + (int64_t)(u * 2654435761ull % 9000) + t * (u % 7), hh = pop / 4 + 1;
    double bud = 50.0 + (double)(u * 40503ull % 100000) / 37.0;
#define WHOLE(x) snprintf(w[k++], sizeof w[0], "%lld", (long long)(x))
#define REAL(digits, x) snprintf(w[k++], sizeof w[0], "%." #digits "f", (x))
    double a = r(), b = r();
    int64_t births = (int64_t)(a * b * 14);
    double plan = 100.0 + bud * (0.6 + 0.4 * r());
    int64_t enrolled = (int64_t)((double)pop * (0.20 + 0.1 * r()));
    WHOLE((double)hh * (0.80 + 0.22 * r()));
    WHOLE(hh);
    WHOLE((double)pop * (0.85 + 0.15 * r()));
    WHOLE(pop);
    REAL(2, plan * (0.70 + 0.35 * r()));
    REAL(2, plan);
    WHOLE((double)enrolled * (0.9 + 0.1 * r()));
    WHOLE(enrolled);
    WHOLE(births ? (double)births * (0.75 + 0.3 * r()) : 0);
    WHOLE(births);
    REAL(1, 30.0 + 60.0 * r());
    REAL(1, 10.0 + 30.0 * r());
    REAL(1, 60.0 + 60.0 * r());
    a = r(), b = r();
    WHOLE(a * b * 40);
    a = r(), b = r();
    WHOLE(a * b * 8);
    REAL(3, bud * (0.5 + r()));
    REAL(3, bud * (0.4 + 0.4 * r()));
    WHOLE(200 * r());
    WHOLE(15 * r());
    WHOLE((double)hh * (0.90 + 0.1 * r()));
    for (k = 0; k < MEASURES; k++)
        if (r() < 0.05)
            w[k][0] = '\0';
}

static void put_wide(FILE *f, const char *place, cells w)
{
    fputs(place, f);
    for (int k = 0; k < MEASURES; k++) {
        putc(',', f);
        fputs(w[k], f);
    }
    putc('\n', f);
}

static long put_long(FILE *f, const char *place, cells w)
{
    long n = 0;
    for (int k = 0; k < MEASURES; k++)
        if (w[k][0]) {
            fprintf(f, "%s,m%02d,%s\n", place, k + 1, w[k]);
            n++;
        }
    return n;
}

static void wide_header(FILE *f)
{
    fputs("unit,period", f);
    for (int k = 0; k < MEASURES; k++)
        fprintf(f, ",m%02d", k + 1);
    putc('\n', f);
}

static long values(const char *folder, const char *returns, int months)
{
    FILE *fl = must_open(folder, "long.csv"), *fw = must_open(folder, "wide.csv"), *one = NULL;
    long n = 0;
    fputs("unit,period,measure,value\n", fl);
    wide_header(fw);
    for (int t = 0; t < months; t++) {
        for (int u = 0; u < n_communes; u++) {
            char place[64], name[128];
            cells w;
            snprintf(place, sizeof place, "%.7s,%04d-%02d", communes[u].code, START + t / 12, t % 12 + 1);
            if (u == 0 || communes[u].province != communes[u - 1].province) {
                if (one)
                    must_close(one);
                snprintf(name, sizeof name, "WIDE_%02d_%s.csv", communes[u].province + 1, place + strlen(communes[u].code) + 1);
                one = must_open(returns, name);
                wide_header(one);
            }
            row((uint32_t)u, (uint32_t)t, w);
            n += put_long(fl, place, w);
            put_wide(fw, place, w);
            put_wide(one, place, w);
        }
    }
    must_close(one);
    must_close(fw);
    must_close(fl);
    return n;
}

int main(int argc, char **argv)
{
    static const struct { const char *name; int provinces, months; } sizes[] = {{"tiny", 1, 12}, {"1m", 5, 60}, {"3m", 15, 60}, {"10m", 63, 48}, {"full", 63, 60}, {"30m", 63, 144}};
    int at = -1;
    for (int i = 0; argc == 3 && i < (int)(sizeof sizes / sizeof *sizes); i++)
        at = strcmp(argv[1], sizes[i].name) == 0 ? i : at;
    if (at < 0) {
        fputs("gen SIZE FOLDER, with SIZE tiny, 1m, 3m, 10m, full or 30m\n", stderr);
        return 2;
    }
    char returns[4096];
    snprintf(returns, sizeof returns, "%s/returns", argv[2]);
    mkdir(argv[2], 0777);
    mkdir(returns, 0777);
    FILE *f = must_open(argv[2], "units.csv");
    units(f, sizes[at].provinces);
    must_close(f);
    long n = values(argv[2], returns, sizes[at].months);
    f = must_open(argv[2], "meta");
    fprintf(f, "VALUES=%ld UNITS=%d COMMUNES=%d MONTHS=%d PROVINCES=%d\n", n, n_units, n_communes, sizes[at].months, sizes[at].provinces);
    must_close(f);
    return 0;
}
