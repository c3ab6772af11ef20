/* SPDX-License-Identifier: MIT */
#include "model/finding.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

static void add(kh_findings *f, const char *file, uint32_t line, uint32_t column, kh_severity severity, const char *text)
{
    kh_findings_add(f, &(kh_finding){.file = file, .line = line, .column = column, .severity = severity, .code = "X", .text = text});
}

static void texts_are_copied(void **state)
{
    (void)state;
    char file[] = "a.csv", value[] = "-5", text[] = "is negative";
    kh_findings *f = kh_findings_new();
    kh_findings_add(f, &(kh_finding){.file = file, .line = 2, .column = 3, .row = 1, .code = "NUMBER", .heading = NULL, .value = value, .text = text, .expected = NULL});
    memset(file, 'z', 5);
    memset(value, 'z', 2);
    memset(text, 'z', 11);
    const kh_finding *all;
    assert_int_equal(kh_findings_all(f, &all), 1);
    assert_string_equal(all[0].file, "a.csv");
    assert_string_equal(all[0].value, "-5");
    assert_string_equal(all[0].text, "is negative");
    assert_null(all[0].heading);
    assert_null(all[0].expected);
    assert_int_equal(all[0].row, 1);
    kh_findings_free(f);
}

static void severities_are_counted_apart(void **state)
{
    (void)state;
    kh_findings *f = kh_findings_new();
    for (int i = 0; i < 60; i++)
        add(f, "a", 1, 1, i % 6 == 0 ? KH_ERROR : i % 2 ? KH_NOTE : KH_WARNING, "t");
    assert_int_equal(kh_findings_count(f, KH_ERROR), 10);
    assert_int_equal(kh_findings_count(f, KH_WARNING), 20);
    assert_int_equal(kh_findings_count(f, KH_NOTE), 30);
    kh_findings_free(f);
}

static void sorting_is_by_file_as_first_seen_then_line_then_column_and_stable(void **state)
{
    (void)state;
    kh_findings *f = kh_findings_new();
    kh_findings_sort(f); /* nothing is in order */
    add(f, "b", 9, 1, KH_ERROR, "4");
    add(f, "a", 2, 1, KH_ERROR, "7");
    add(f, "b", 2, 5, KH_ERROR, "3");
    add(f, "b", 2, 1, KH_ERROR, "1");
    add(f, "b", 2, 1, KH_NOTE, "2");
    add(f, "a", 0, 0, KH_ERROR, "5");
    add(f, "a", 1, 7, KH_ERROR, "6");
    add(f, NULL, 3, 0, KH_ERROR, "0");
    kh_findings_sort(f);
    const kh_finding *all;
    size_t n = kh_findings_all(f, &all);
    char order[16] = "";
    for (size_t i = 0; i < n; i++)
        strcat(order, all[i].text);
    assert_string_equal(order, "01234567");
    kh_findings_free(f);
    kh_findings_free(NULL);
}

static void names_of_severities_are_not_translated(void **state)
{
    (void)state;
    assert_string_equal(kh_severity_name(KH_ERROR), "error");
    assert_string_equal(kh_severity_name(KH_WARNING), "warning");
    assert_string_equal(kh_severity_name(KH_NOTE), "note");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_copied),
        cmocka_unit_test(severities_are_counted_apart),
        cmocka_unit_test(sorting_is_by_file_as_first_seen_then_line_then_column_and_stable),
        cmocka_unit_test(names_of_severities_are_not_translated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
