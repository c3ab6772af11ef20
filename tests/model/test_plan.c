/* SPDX-License-Identifier: MIT */
#include "model/plan.h"

#include "cm.h"

static void names_of_roles_are_read_back(void **state)
{
    (void)state;
    static const struct { const char *name; kh_role role; } cases[] = {{"lead", KH_ROLE_LEAD}, {"with", KH_ROLE_WITH}, {"standing", KH_ROLE_STANDING}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        kh_role r;
        assert_true(kh_role_parse(cases[i].name, &r));
        assert_int_equal(r, cases[i].role);
        assert_string_equal(kh_role_name(r), cases[i].name);
    }
    kh_role r;
    assert_false(kh_role_parse("leader", &r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_of_roles_are_read_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
