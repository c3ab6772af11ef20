/* SPDX-License-Identifier: MIT */
/*
 * Messages. English is the msgid itself and asks nobody; Vietnamese asks
 * gettext. So LANGUAGE never changes once set, and gettext's cache, which does
 * not notice a changed LANGUAGE, cannot mislead.
 *
 * The catalogue is found beside the program (a build) or in ../share/locale
 * (installed), so that moving an installation breaks nothing.
 */
#include "base/msg.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"

#include <libintl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "kehoach"

/* English until a language is chosen: that needs no catalogue. */
static kh_lang lang = KH_LANG_EN;

/* Puts the folder of the running program, with its '/', into out; leaves it empty if the kernel does not say. */
static void exe_dir(kh_buf *out)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return;
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    if (slash)
        kh_buf_add(out, path, (size_t)(slash + 1 - path));
}

static bool holds_catalogue(kh_buf *dir)
{
    size_t len = dir->len;
    kh_buf_str(dir, "/vi/LC_MESSAGES/" DOMAIN ".mo");
    bool found = access(dir->data, R_OK) == 0;
    dir->len = len;
    dir->data[len] = '\0';
    return found;
}

static void find_locale(kh_buf *dir)
{
    static const char *const places[] = {"locale", "../share/locale"};
    const char *given = getenv("KEHOACH_LOCALE");
    if (given && *given) {
        kh_buf_str(dir, given);
        return;
    }
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        kh_buf_clear(dir);
        exe_dir(dir);
        kh_buf_str(dir, places[i]);
        if (holds_catalogue(dir))
            return;
    }
}

static void open_catalogue(void)
{
    static bool done;
    if (done)
        return;
    done = true;
    kh_buf dir = KH_BUF_INIT;
    find_locale(&dir);
    /* Under the locale "C" gettext ignores LANGUAGE; under C.UTF-8, which glibc always has, it does not. */
    setlocale(LC_CTYPE, "C.UTF-8");
    setlocale(LC_MESSAGES, "C.UTF-8");
    setenv("LANGUAGE", "vi", 1);
    bindtextdomain(DOMAIN, kh_buf_cstr(&dir));
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    /* Read the catalogue now: later the sandbox may not let us open files. */
    (void)dgettext(DOMAIN, "catalogue");
    kh_buf_free(&dir);
}

void kh_msg_lang(kh_lang chosen)
{
    lang = chosen;
    if (lang == KH_LANG_VI)
        open_catalogue();
}

kh_lang kh_msg_lang_now(void)
{
    return lang;
}

const char *kh_tr(const char *msgid)
{
    /* gettext("") is the catalogue's own header. */
    return lang == KH_LANG_VI && *msgid ? dgettext(DOMAIN, msgid) : msgid;
}

const char *kh_trn(const char *one, const char *many, unsigned long n)
{
    return lang == KH_LANG_VI ? dngettext(DOMAIN, one, many, n) : n == 1 ? one : many;
}

/* Not strerror: it speaks the language of libc's own catalogue, which may not be installed, or be another than ours. */
const char *kh_errno_text(int code)
{
    static const char *const usual[] = { /* for xgettext; the C library has the words */
        N_("No such file or directory"), N_("Permission denied"), N_("Operation not permitted"), N_("Is a directory"), N_("Not a directory"),
        N_("File exists"), N_("Directory not empty"), N_("No space left on device"), N_("Disk quota exceeded"), N_("Read-only file system"),
        N_("Input/output error"), N_("Too many open files"), N_("File name too long"), N_("Too many levels of symbolic links"),
        N_("Cannot allocate memory"), N_("Resource temporarily unavailable"), N_("Device or resource busy"), N_("File too large"), N_("Invalid argument"),
    };
    (void)usual;
    const char *text = strerrordesc_np(code);
    return text ? kh_tr(text) : kh_tr("unknown error");
}

/* --- words of a workspace ------------------------------------------------------------ */

static kh_map *words; /* Vietnamese -> place in english */
static char **english;
static size_t n_english;

void kh_words_add(const char *vi, const char *en)
{
    if (!words)
        words = kh_map_new();
    uint32_t at = kh_map_get(words, vi, strlen(vi));
    if (at == KH_NONE) {
        at = (uint32_t)n_english++;
        english = kh_realloc(english, n_english, sizeof *english);
        kh_map_set(words, vi, strlen(vi), at);
    } else {
        kh_free(english[at]);
    }
    english[at] = kh_strdup(en);
}

void kh_words_clear(void)
{
    for (size_t i = 0; i < n_english; i++)
        kh_free(english[i]);
    kh_free(english);
    kh_map_free(words);
    english = NULL;
    words = NULL;
    n_english = 0;
}

const char *kh_say_in(kh_lang in, const char *vi)
{
    uint32_t at = vi && words && in == KH_LANG_EN ? kh_map_get(words, vi, strlen(vi)) : KH_NONE;
    return at == KH_NONE ? vi : english[at];
}

const char *kh_say(const char *vi)
{
    return kh_say_in(lang, vi);
}
