-- SPDX-License-Identifier: MIT
-- One province, one year: ten ratios of its districts.
COPY (WITH up(unit, top) AS (
    SELECT u.id, d.id FROM unit d JOIN unit u ON u.parent = d.code WHERE d.parent = '01' ),
  s AS (
    SELECT top, sum(value) FILTER (measure = 1) AS m01, sum(value) FILTER (measure = 2) AS m02, sum(value) FILTER (measure = 3)
      AS m03, sum(value) FILTER (measure = 4) AS m04, sum(value) FILTER (measure = 5) AS m05, sum(value) FILTER
      (measure = 6) AS m06, sum(value) FILTER (measure = 7) AS m07, sum(value) FILTER (measure = 8) AS m08, sum(value)
      FILTER (measure = 9) AS m09, sum(value) FILTER (measure = 10) AS m10, sum(value) FILTER (measure = 11) AS m11,
      sum(value) FILTER (measure = 12) AS m12, sum(value) FILTER (measure = 13) AS m13, sum(value) FILTER (measure =
      14) AS m14, sum(value) FILTER (measure = 15) AS m15, sum(value) FILTER (measure = 16) AS m16, sum(value) FILTER
      (measure = 17) AS m17, sum(value) FILTER (measure = 18) AS m18, sum(value) FILTER (measure = 19) AS m19,
      sum(value) FILTER (measure = 20) AS m20
    FROM value JOIN up USING (unit) WHERE period BETWEEN DATE '2020-01-01' AND DATE '2020-12-31' GROUP BY top)
  SELECT u.code, 100 * m01 / nullif(m02, 0) AS r01, 100 * m03 / nullif(m04, 0) AS r02, 100 * m05 / nullif(m06, 0) AS r03, 100 * m07
    / nullif(m08, 0) AS r04, 100 * m20 / nullif(m02, 0) AS r05, 100 * m09 / nullif(m09 + m10, 0) AS r06, 100 * m11 /
    nullif(m11 + m12, 0) AS r07, 100 * m14 / nullif(m14 + m15, 0) AS r08, 100 * m16 / nullif(m16 + m17, 0) AS r09, 100
    * m18 / nullif(m18 + m19, 0) AS r10 FROM s JOIN unit u ON u.id = top) TO '{WORK}/duckdb-one.csv' (HEADER);
