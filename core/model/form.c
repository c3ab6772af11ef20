/* SPDX-License-Identifier: MIT */
/* What a form asks for: form.h. */
#include "model/form.h"

bool kh_form_asked(const kh_form *f, kh_period p)
{
    return (f->from == KH_NO_PERIOD || kh_period_first(p) >= kh_period_first(f->from)) && (f->to == KH_NO_PERIOD || kh_period_last(p) <= kh_period_last(f->to));
}
