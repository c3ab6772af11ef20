-- SPDX-License-Identifier: MIT
-- A published report keeps the figures that it was made of: what is corrected later shows against them.

ALTER TABLE publication ADD COLUMN unit TEXT; -- whose report it is, where a report is about one unit

CREATE TABLE published_figure (
    publication INTEGER NOT NULL REFERENCES publication (id),
    n           INTEGER NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('indicator', 'measure')),
    name        TEXT NOT NULL,
    cut         TEXT NOT NULL,              -- "" for the figure as a whole
    unit        INTEGER NOT NULL REFERENCES unit (id),
    period      INTEGER NOT NULL REFERENCES period (id),
    as_of       TEXT,                       -- restated to the units of this day
    definition  TEXT NOT NULL,              -- sha256 of the indicator or measure that made it
    value       TEXT,                       -- exact decimal, or text; NULL: missing
    reason      TEXT,
    status      TEXT NOT NULL,
    reported    INTEGER NOT NULL,
    expected    INTEGER NOT NULL,
    PRIMARY KEY (publication, n)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER published_figure_fixed BEFORE UPDATE ON published_figure BEGIN SELECT raise(ABORT, 'what was published never changes'); END;
CREATE TRIGGER published_figure_kept BEFORE DELETE ON published_figure BEGIN SELECT raise(ABORT, 'what was published is never deleted'); END;

DROP VIEW v_publication;
CREATE VIEW v_publication AS
SELECT id, report, span, unit, format, path, sha256, at, "by", (SELECT count(*) FROM published_figure f WHERE f.publication = p.id) AS figures
FROM publication p;

CREATE VIEW v_published_figure AS
SELECT f.publication, p.report, p.span, p.at AS published, f.kind, f.name, f.cut, u.code AS unit, u.name AS unit_name, d.name AS period, f.as_of,
       CAST(f.value AS NUMERIC) AS value, f.value AS digits, f.reason, f.status, f.reported, f.expected, f.definition
FROM published_figure f
JOIN publication p ON p.id = f.publication
JOIN unit u ON u.id = f.unit
JOIN period d ON d.id = f.period;
