-- SPDX-License-Identifier: MIT
-- The long file by the sqlite3 shell: the text as it is, then looked up, typed and keyed.
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
.mode csv
.import {DATA}/units.csv unit_text
.import {DATA}/long.csv value_text
CREATE TABLE unit (id INTEGER PRIMARY KEY, code TEXT UNIQUE);
INSERT INTO unit (code) SELECT code FROM unit_text;
CREATE TABLE value (period TEXT CHECK (period GLOB '20[0-9][0-9]-[01][0-9]'), measure TEXT CHECK (measure GLOB 'm[0-9][0-9]'), unit INTEGER NOT NULL,
  value REAL CHECK (typeof(value) = 'real'), line INTEGER, PRIMARY KEY (period, measure, unit)) STRICT, WITHOUT ROWID;
INSERT INTO value SELECT f.period, f.measure, u.id, f.value, f.rowid + 1 FROM value_text f LEFT JOIN unit u ON u.code = f.unit;
SELECT count(*) FROM value;
