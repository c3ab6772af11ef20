-- SPDX-License-Identifier: MIT
-- What the calculation starts from: a value a row, typed, and the same as a row a commune and month.
CREATE TABLE unit AS SELECT (row_number() OVER ())::INTEGER AS id, code, kind, parent FROM read_csv('{DATA}/units.csv', header = true, all_varchar = true);
CREATE TABLE wide AS SELECT u.id AS unit, strptime(f.period, '%Y-%m')::DATE AS period, COLUMNS('m[0-9]+')::DOUBLE
  FROM read_csv('{DATA}/wide.csv', header = true, all_varchar = true) f JOIN unit u ON u.code = f.unit;
CREATE TABLE value AS SELECT unit, period, substr(m, 2)::TINYINT AS measure, value FROM (UNPIVOT wide ON COLUMNS('m[0-9]+') INTO NAME m VALUE value);
CHECKPOINT;
