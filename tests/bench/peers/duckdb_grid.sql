-- SPDX-License-Identifier: MIT
-- The whole grid from a table of values: every unit and ancestor, every month and year, ten ratios with a status, to CSV.
SET preserve_insertion_order = false;
COPY (WITH RECURSIVE up(unit, top) AS (
    SELECT id, id FROM unit UNION ALL SELECT up.unit, p.id FROM up JOIN unit u ON u.id = up.top JOIN unit p ON p.code = u.parent),
  cell AS (SELECT unit, period,
      sum(value) FILTER (measure = 1) AS m01, sum(value) FILTER (measure = 2) AS m02, sum(value) FILTER (measure = 3)
      AS m03, sum(value) FILTER (measure = 4) AS m04, sum(value) FILTER (measure = 5) AS m05, sum(value) FILTER
      (measure = 6) AS m06, sum(value) FILTER (measure = 7) AS m07, sum(value) FILTER (measure = 8) AS m08, sum(value)
      FILTER (measure = 9) AS m09, sum(value) FILTER (measure = 10) AS m10, sum(value) FILTER (measure = 11) AS m11,
      sum(value) FILTER (measure = 12) AS m12, sum(value) FILTER (measure = 13) AS m13, sum(value) FILTER (measure =
      14) AS m14, sum(value) FILTER (measure = 15) AS m15, sum(value) FILTER (measure = 16) AS m16, sum(value) FILTER
      (measure = 17) AS m17, sum(value) FILTER (measure = 18) AS m18, sum(value) FILTER (measure = 19) AS m19,
      sum(value) FILTER (measure = 20) AS m20 FROM value GROUP BY unit, period),
  spans AS (
    SELECT unit, strftime(period, '%Y-%m') AS period, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20 FROM cell UNION ALL
    SELECT unit, strftime(period, '%Y'), sum(m01) AS m01, sum(m02) AS m02, sum(m03) AS m03, sum(m04) AS m04, sum(m05) AS m05, sum(m06) AS m06, sum(m07)
      AS m07, sum(m08) AS m08, sum(m09) AS m09, sum(m10) AS m10, sum(m11) AS m11, sum(m12) AS m12, sum(m13) AS m13,
      sum(m14) AS m14, sum(m15) AS m15, sum(m16) AS m16, sum(m17) AS m17, sum(m18) AS m18, sum(m19) AS m19, sum(m20)
      AS m20 FROM cell GROUP BY ALL),
  grid AS (
    SELECT top, period, sum(m01) AS m01, sum(m02) AS m02, sum(m03) AS m03, sum(m04) AS m04, sum(m05) AS m05, sum(m06) AS m06, sum(m07)
      AS m07, sum(m08) AS m08, sum(m09) AS m09, sum(m10) AS m10, sum(m11) AS m11, sum(m12) AS m12, sum(m13) AS m13,
      sum(m14) AS m14, sum(m15) AS m15, sum(m16) AS m16, sum(m17) AS m17, sum(m18) AS m18, sum(m19) AS m19, sum(m20)
      AS m20 FROM spans JOIN up USING (unit) GROUP BY top, period),
  rate AS (
    SELECT *, 100 * m01 / nullif(m02, 0) AS r01, 100 * m03 / nullif(m04, 0) AS r02, 100 * m05 / nullif(m06, 0) AS r03, 100 *
      m07 / nullif(m08, 0) AS r04, 100 * m20 / nullif(m02, 0) AS r05, 100 * m09 / nullif(m09 + m10, 0) AS r06, 100 *
      m11 / nullif(m11 + m12, 0) AS r07, 100 * m14 / nullif(m14 + m15, 0) AS r08, 100 * m16 / nullif(m16 + m17, 0) AS
      r09, 100 * m18 / nullif(m18 + m19, 0) AS r10 FROM grid)
  SELECT u.code AS unit, period, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20,
    round(r01, 1) AS R01, CASE WHEN r01 IS NULL THEN 'no_data' WHEN r01 >= 95 THEN 'met' ELSE 'not_met' END AS
    R01_status, round(r02, 1) AS R02, CASE WHEN r02 IS NULL THEN 'no_data' WHEN r02 >= 95 THEN 'met' ELSE 'not_met'
    END AS R02_status, round(r03, 1) AS R03, CASE WHEN r03 IS NULL THEN 'no_data' WHEN r03 >= 95 THEN 'met' ELSE
    'not_met' END AS R03_status, round(r04, 1) AS R04, CASE WHEN r04 IS NULL THEN 'no_data' WHEN r04 >= 95 THEN 'met'
    ELSE 'not_met' END AS R04_status, round(r05, 1) AS R05, CASE WHEN r05 IS NULL THEN 'no_data' WHEN r05 >= 95 THEN
    'met' ELSE 'not_met' END AS R05_status, round(r06, 1) AS R06, CASE WHEN r06 IS NULL THEN 'no_data' WHEN r06 >= 95
    THEN 'met' ELSE 'not_met' END AS R06_status, round(r07, 1) AS R07, CASE WHEN r07 IS NULL THEN 'no_data' WHEN r07
    >= 95 THEN 'met' ELSE 'not_met' END AS R07_status, round(r08, 1) AS R08, CASE WHEN r08 IS NULL THEN 'no_data' WHEN
    r08 >= 95 THEN 'met' ELSE 'not_met' END AS R08_status, round(r09, 1) AS R09, CASE WHEN r09 IS NULL THEN 'no_data'
    WHEN r09 >= 95 THEN 'met' ELSE 'not_met' END AS R09_status, round(r10, 1) AS R10, CASE WHEN r10 IS NULL THEN
    'no_data' WHEN r10 >= 95 THEN 'met' ELSE 'not_met' END AS R10_status
  FROM rate JOIN unit u ON u.id = rate.top) TO '{WORK}/duckdb-grid.csv' (HEADER);
