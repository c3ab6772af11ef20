/* SPDX-License-Identifier: MIT */
/*
 * Messages in Vietnamese and English. A msgid is the English text; po/vi.po
 * holds the Vietnamese. The language is a setting of the process, not of its
 * locale: gettext is given C.UTF-8 and LANGUAGE, so that Vietnamese works where
 * no Vietnamese locale is generated, and LC_NUMERIC and LC_COLLATE stay "C".
 */
#ifndef KH_BASE_MSG_H
#define KH_BASE_MSG_H

typedef enum kh_lang { KH_LANG_VI, KH_LANG_EN } kh_lang;

void kh_msg_lang(kh_lang lang);      /* choose; may be called again */
kh_lang kh_msg_lang_now(void);
const char *kh_errno_text(int code); /* what the system says of errno, in the language of the process (strerror is not) */
/* The translation, or msgid itself. (The attribute lets the compiler check formats through it.) */
const char *kh_tr(const char *msgid) __attribute__((format_arg(1)));
/* The form for n things. */
const char *kh_trn(const char *one, const char *many, unsigned long n)
    __attribute__((format_arg(1), format_arg(2)));

/*
 * Words of a workspace (titles of its definitions, what its reports say): Vietnamese, and the English that it gives for them.
 * Copied; a later one replaces. kh_say gives the English where the language is English and there is one, else `vi` itself
 * (NULL for NULL); it lives as long as what is given.
 */
void kh_words_add(const char *vi, const char *en);
void kh_words_clear(void);
const char *kh_say(const char *vi);
const char *kh_say_in(kh_lang lang, const char *vi);

#define _(s) kh_tr(s)
#define N_(s) s

#endif
