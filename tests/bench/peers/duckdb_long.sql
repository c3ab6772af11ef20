-- SPDX-License-Identifier: MIT
-- The long file with the checks of an import: codes looked up, period and value typed, each cell once, the line kept, on disk.
CREATE TABLE unit AS SELECT (row_number() OVER ())::INTEGER AS id, * FROM read_csv('{DATA}/units.csv', header = true, all_varchar = true);
CREATE TABLE measure AS SELECT i::INTEGER AS id, printf('m%02d', i) AS code FROM range(1, 21) t(i);
CREATE TABLE value AS
  SELECT u.id AS unit, try_strptime(f.period, '%Y-%m')::DATE AS period, m.id AS measure, try_cast(f.value AS DECIMAL(18, 3)) AS value, f.line
  FROM (SELECT *, (row_number() OVER () + 1)::INTEGER AS line
        FROM read_csv('{DATA}/long.csv', header = true, columns = {'unit': 'VARCHAR', 'period': 'VARCHAR', 'measure': 'VARCHAR', 'value': 'VARCHAR'})) f
  LEFT JOIN unit u ON u.code = f.unit LEFT JOIN measure m ON m.code = f.measure;
SELECT count(*) AS rows, count(*) FILTER (unit IS NULL OR period IS NULL OR measure IS NULL OR value IS NULL) AS wrong FROM value;
SELECT count(*) AS wrong FROM (SELECT 1 FROM value GROUP BY unit, period, measure HAVING count(*) > 1);
CHECKPOINT;
