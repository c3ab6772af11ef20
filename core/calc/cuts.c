/* SPDX-License-Identifier: MIT */
/*
 * How a wider cut is made from narrower ones: what was reported for the cut
 * itself stands; else the options of one category are put together, each of
 * them found in the same way. One category at a time, in the order of the
 * measure's `by`, so that a figure given by gender and again by age is never
 * counted twice.
 */
#include "calc/inside.h"

#include <string.h>

typedef struct planner { kh_calc *k; sheet *s; const kh_measure *m; } planner;

static base *own_base(const sheet *s, kh_cut cut)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->cut[i] == cut)
            return s->of[i];
    return NULL;
}

static bool has_category(const kh_cuts *cs, kh_cut cut, uint32_t category, uint32_t *option)
{
    const kh_cut_part *parts;
    size_t n = kh_cut_parts(cs, cut, &parts);
    for (size_t i = 0; i < n; i++)
        if (parts[i].category == category) {
            *option = parts[i].option;
            return true;
        }
    return false;
}

static kh_cut narrower(kh_calc *k, kh_cut cut, uint32_t category, uint32_t option)
{
    const kh_cut_part *parts;
    size_t n = kh_cut_parts(k->c->cuts, cut, &parts);
    kh_cut_part *more = kh_alloc((n + 1) * sizeof *more);
    if (n)
        memcpy(more, parts, n * sizeof *more);
    more[n] = (kh_cut_part){category, option};
    kh_cut made = kh_cut_make(k->c->cuts, more, n + 1);
    kh_free(more);
    return made;
}

static cut_node *plan(planner *p, kh_cut cut);

static void plan_category(planner *p, cut_node *node, kh_cut cut, uint32_t category)
{
    const kh_cuts *cs = p->k->c->cuts;
    const kh_category *cats;
    kh_cuts_categories(cs, &cats);
    size_t n_options = cats[category].n_options;
    uint32_t at, there;
    if (has_category(cs, cut, category, &at))
        return;
    bool *used = kh_zalloc(n_options + 1, sizeof *used);
    size_t n = 0;
    for (size_t i = 0; i < p->s->n; i++)
        if (kh_cut_within(cs, p->s->cut[i], cut) && has_category(cs, p->s->cut[i], category, &there) && there < n_options && !used[there]) {
            used[there] = true;
            n++;
        }
    if (n) {
        cut_branch *b = &node->by[node->n_by++];
        b->category = category;
        b->option = kh_arena_alloc(p->s->arena, n * sizeof *b->option);
        for (uint32_t o = 0; o < n_options; o++)
            if (used[o])
                b->option[b->n++] = plan(p, narrower(p->k, cut, category, o));
    }
    kh_free(used);
}

static cut_node *plan(planner *p, kh_cut cut)
{
    cut_node *node = kh_arena_alloc(p->s->arena, sizeof *node);
    node->own = own_base(p->s, cut);
    bool more = false;
    for (size_t i = 0; i < p->s->n; i++)
        more |= p->s->cut[i] != cut && kh_cut_within(p->k->c->cuts, p->s->cut[i], cut);
    if (!more)
        return node;
    const kh_category *cats;
    size_t n = kh_cuts_categories(p->k->c->cuts, &cats);
    node->by = kh_arena_alloc(p->s->arena, n * sizeof *node->by);
    for (size_t i = 0; i < p->m->n_by; i++)
        plan_category(p, node, cut, p->m->by[i]);
    for (uint32_t c = 0; c < n; c++) {
        bool named = false;
        for (size_t i = 0; i < p->m->n_by; i++)
            named |= p->m->by[i] == c;
        if (!named)
            plan_category(p, node, cut, c);
    }
    return node;
}

cut_node *kh_c_cut_plan(kh_calc *k, sheet *s, const kh_measure *m, kh_cut cut)
{
    for (size_t i = 0; i < s->n_plans; i++)
        if (s->planned[i] == cut)
            return s->plan[i];
    if (!s->arena)
        s->arena = kh_arena_new();
    planner p = {k, s, m};
    cut_node *node = plan(&p, cut);
    if (s->n_plans == s->cap_plans) {
        s->cap_plans = s->cap_plans ? s->cap_plans * 2 : 2;
        s->plan = kh_realloc(s->plan, s->cap_plans, sizeof *s->plan);
        s->planned = kh_realloc(s->planned, s->cap_plans, sizeof *s->planned);
    }
    s->plan[s->n_plans] = node;
    s->planned[s->n_plans++] = cut;
    return node;
}
