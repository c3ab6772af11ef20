-- SPDX-License-Identifier: MIT
-- The rest of a plan for readers: the years it has a budget for, what it rests on, its dates and who goes first.

CREATE TABLE budget_year (
    plan   INTEGER NOT NULL REFERENCES plan (id),
    n      INTEGER NOT NULL,
    period TEXT NOT NULL,                    -- "2018"
    PRIMARY KEY (plan, n)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_reference AS
SELECT pl.code AS plan, r.n, r.code, r.date, r.role, r.title
FROM plan pl JOIN reference r ON r.plan = pl.id
WHERE pl.withdrawn IS NULL
ORDER BY pl.id, r.n;

CREATE VIEW v_milestone AS
SELECT pl.code AS plan, m.due, m.code, m.title, m.task, m.unit, (SELECT u.name FROM unit u WHERE u.code = m.unit ORDER BY u.valid_from DESC LIMIT 1) AS unit_name
FROM plan pl JOIN milestone m ON m.plan = pl.id
WHERE pl.withdrawn IS NULL
ORDER BY pl.id, m.due, m.n;

CREATE VIEW v_pilot AS
SELECT pl.code AS plan, p.unit, (SELECT u.name FROM unit u WHERE u.code = p.unit ORDER BY u.valid_from DESC LIMIT 1) AS unit_name, p.task, p.title
FROM plan pl JOIN pilot p ON p.plan = pl.id
WHERE pl.withdrawn IS NULL
ORDER BY pl.id, p.n;

CREATE VIEW v_budget_year AS
SELECT pl.code AS plan, b.period AS year
FROM plan pl JOIN budget_year b ON b.plan = pl.id
WHERE pl.withdrawn IS NULL
ORDER BY pl.id, b.n;
