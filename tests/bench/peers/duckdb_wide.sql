-- SPDX-License-Identifier: MIT
-- The wide file made long by UNPIVOT, with the checks of an import.
CREATE TABLE unit AS SELECT (row_number() OVER ())::INTEGER AS id, * FROM read_csv('{DATA}/units.csv', header = true, all_varchar = true);
CREATE TABLE value AS
  SELECT u.id AS unit, try_strptime(f.period, '%Y-%m')::DATE AS period, substr(f.measure, 2)::INTEGER AS measure, try_cast(f.value AS DECIMAL(18, 3)) AS value, f.line
  FROM (UNPIVOT (SELECT *, (row_number() OVER () + 1)::INTEGER AS line FROM read_csv('{DATA}/wide.csv', header = true, all_varchar = true))
        ON COLUMNS('^m') INTO NAME measure VALUE value) f
  LEFT JOIN unit u ON u.code = f.unit;
SELECT count(*) AS rows, count(*) FILTER (unit IS NULL OR period IS NULL OR measure IS NULL OR value IS NULL) AS wrong FROM value;
SELECT count(*) AS wrong FROM (SELECT 1 FROM value GROUP BY unit, period, measure HAVING count(*) > 1);
CHECKPOINT;
