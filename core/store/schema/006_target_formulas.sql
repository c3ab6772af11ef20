-- SPDX-License-Identifier: MIT
-- A target's bound may be a formula: lo or hi is NULL then, and this is the formula as it was written.

ALTER TABLE target ADD COLUMN lo_formula TEXT;
ALTER TABLE target ADD COLUMN hi_formula TEXT;

DROP VIEW v_target;
CREATE VIEW v_target AS
SELECT i.code AS indicator, i.title, i.unit AS counted_in, t.n, t.comparator, CAST(t.lo AS NUMERIC) AS lo, CAST(t.hi AS NUMERIC) AS hi,
       t.lo_formula, t.hi_formula, t.valid_from, t.valid_to, t.by_end, t.scope, t.text
FROM target t JOIN indicator i ON i.id = t.indicator
WHERE i.withdrawn IS NULL;
