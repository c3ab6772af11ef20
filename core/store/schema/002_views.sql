-- SPDX-License-Identifier: MIT
-- What people read: the words of the documents, units and periods by name. docs/store.md has examples.

CREATE VIEW v_unit AS
SELECT u.id, u.code, u.name, u.short_name,
       CASE WHEN k.title IS NULL OR u.name LIKE k.title || ' %' THEN u.name ELSE k.title || ' ' || u.name END AS title,
       u.kind, u.level, u.parent, u.valid_from, u.valid_to, u.groups, u.withdrawn
FROM unit u LEFT JOIN unit_kind k ON k.code = u.kind;

CREATE VIEW v_submission AS
SELECT s.id, f.code AS form, f.title AS form_title, u.code AS sender, u.name AS sender_name, s.span, s.version, s.status, s.file, s.sha256,
       s.received, s."by", s.n_rows, s.n_values, s.note, s.changed
FROM submission s JOIN form f ON f.id = s.form LEFT JOIN unit u ON u.id = s.sender;

-- The values that count, from the columns: fast by measure and period. CROSS JOIN keeps the order of the key: left to
-- itself the planner walks a list's units and parses the column for each of them.
CREATE VIEW v_value AS
SELECT m.code AS measure, u.code AS unit, u.name AS unit_name, p.name AS period, k.key AS cut,
       v.value AS value,
       CASE v.type WHEN 'text' THEN v.value ELSE c.vals -> ('$[' || v.key || ']') END AS digits,
       s.id AS submission, s.version, f.code AS form, s.file,
       coalesce(json_extract(h.lines, '$[' || v.key || ']'), h.line + v.key * h.step)
         + CASE typeof(c.lines) WHEN 'null' THEN 0 WHEN 'integer' THEN c.lines ELSE json_extract(c.lines, '$[' || v.key || ']') END AS line
FROM period p
CROSS JOIN submission_chunk h ON h.period = p.id
CROSS JOIN submission s ON s.id = h.submission AND s.status = 'current'
CROSS JOIN submission_column c ON c.period = h.period AND c.submission = h.submission AND c.chunk = h.chunk
CROSS JOIN json_each(c.vals) v ON v.type <> 'null'
CROSS JOIN unit_list_member l ON l.list = h.list AND l.k = v.key
JOIN measure m ON m.id = c.measure
JOIN cut k ON k.id = c.cut
JOIN unit u ON u.id = l.unit
JOIN form f ON f.id = s.form;

-- Every version, what counts and what does not: to compare versions. Narrow it by submission.
CREATE VIEW v_value_all AS
SELECT m.code AS measure, u.code AS unit, u.name AS unit_name, p.name AS period, k.key AS cut,
       v.value AS value,
       CASE v.type WHEN 'text' THEN v.value ELSE c.vals -> ('$[' || v.key || ']') END AS digits,
       s.id AS submission, s.version, s.status, f.code AS form, s.file,
       coalesce(json_extract(h.lines, '$[' || v.key || ']'), h.line + v.key * h.step)
         + CASE typeof(c.lines) WHEN 'null' THEN 0 WHEN 'integer' THEN c.lines ELSE json_extract(c.lines, '$[' || v.key || ']') END AS line
FROM period p
CROSS JOIN submission_chunk h ON h.period = p.id
CROSS JOIN submission s ON s.id = h.submission
CROSS JOIN submission_column c ON c.period = h.period AND c.submission = h.submission AND c.chunk = h.chunk
CROSS JOIN json_each(c.vals) v ON v.type <> 'null'
CROSS JOIN unit_list_member l ON l.list = h.list AND l.k = v.key
JOIN measure m ON m.id = c.measure
JOIN cut k ON k.id = c.cut
JOIN unit u ON u.id = l.unit
JOIN form f ON f.id = s.form;

-- The same values from the units: fast for one unit.
CREATE VIEW v_value_by_unit AS
SELECT m.code AS measure, u.code AS unit, u.name AS unit_name, p.name AS period, k.key AS cut,
       json_extract(c.vals, '$[' || l.k || ']') AS value,
       CASE json_type(c.vals, '$[' || l.k || ']') WHEN 'text' THEN json_extract(c.vals, '$[' || l.k || ']') ELSE c.vals -> ('$[' || l.k || ']') END AS digits,
       s.id AS submission, s.version, f.code AS form, s.file,
       coalesce(json_extract(h.lines, '$[' || l.k || ']'), h.line + l.k * h.step)
         + CASE typeof(c.lines) WHEN 'null' THEN 0 WHEN 'integer' THEN c.lines ELSE json_extract(c.lines, '$[' || l.k || ']') END AS line
FROM unit u
CROSS JOIN unit_list_member l ON l.unit = u.id
CROSS JOIN submission_chunk h ON h.list = l.list
CROSS JOIN submission s ON s.id = h.submission AND s.status = 'current'
CROSS JOIN submission_column c ON c.period = h.period AND c.submission = h.submission AND c.chunk = h.chunk
JOIN period p ON p.id = h.period
JOIN measure m ON m.id = c.measure
JOIN cut k ON k.id = c.cut
JOIN form f ON f.id = s.form
WHERE json_extract(c.vals, '$[' || l.k || ']') IS NOT NULL;

CREATE VIEW v_result AS
SELECT i.code AS indicator, i.title, i.unit AS counted_in, u.code AS unit, u.name AS unit_name, p.name AS period,
       CAST(r.value AS NUMERIC) AS value, r.value AS digits, r.reason, r.status, r.reported, r.expected,
       v.number AS revision, v.source AS formula, v.sha256, r.revision = i.revision AS newest, r.computed
FROM result r
JOIN indicator i ON i.id = r.indicator
JOIN unit u ON u.id = r.unit
JOIN period p ON p.id = r.period
JOIN revision v ON v.id = r.revision;

CREATE VIEW v_target AS
SELECT i.code AS indicator, i.title, i.unit AS counted_in, t.n, t.comparator, CAST(t.lo AS NUMERIC) AS lo, CAST(t.hi AS NUMERIC) AS hi,
       t.valid_from, t.valid_to, t.by_end, t.scope, t.text
FROM target t JOIN indicator i ON i.id = t.indicator
WHERE i.withdrawn IS NULL;

CREATE VIEW v_plan AS
SELECT p.code, p.title, p.kind, p.issuer, p.place, p.subject, p.signer, p.parent, p.unit, p.date, p.valid_from, p.valid_to, p.note, v.number AS revision
FROM plan p JOIN revision v ON v.id = p.revision
WHERE p.withdrawn IS NULL;

-- Task x unit x role. Units that are assigned by kind ("kind:district") are listed one by one, as they were at the plan's date.
CREATE VIEW v_task AS
SELECT pl.code AS plan, t.code AS task, t.title, t.kind, t.parent, t.track,
       (SELECT group_concat(g.indicator, ' ') FROM task_target g WHERE g.plan = t.plan AND g.task = t.code) AS targets,
       a.role, a.unit AS assigned, u.code AS unit, u.name AS unit_name, a.duty
FROM plan pl
JOIN task t ON t.plan = pl.id
LEFT JOIN assignment a ON a.plan = t.plan AND a.task = t.code
LEFT JOIN (SELECT b.plan, b.n, u.id FROM assignment b JOIN unit u ON u.code = b.unit
           UNION ALL
           SELECT b.plan, b.n, u.id FROM assignment b JOIN unit u ON b.unit LIKE 'kind:%' AND substr(b.unit, 6) IN (u.kind, u.level)) x
       ON x.plan = a.plan AND x.n = a.n
          AND EXISTS (SELECT 1 FROM unit w WHERE w.id = x.id AND w.withdrawn IS NULL
                      AND coalesce(w.valid_from, '') <= coalesce(pl.date, pl.valid_from, '9999') AND coalesce(w.valid_to, '9999') >= coalesce(pl.date, pl.valid_from, ''))
LEFT JOIN unit u ON u.id = x.id
WHERE pl.withdrawn IS NULL
ORDER BY pl.id, t.n, a.n, u.code;

-- Which returns are there of those expected, for each period that the store knows.
CREATE VIEW v_completeness AS
SELECT form, form_title, period, count(*) AS expected, count(submission) AS received, count(*) - count(submission) AS missing
FROM (SELECT f.code AS form, f.title AS form_title, p.name AS period, p.id AS period_id, s.id AS submission
      FROM form f
      JOIN period p ON p.every = f.every AND coalesce(f.valid_from, '') <= p.first AND coalesce(f.valid_to, '9999') >= p.last
      JOIN form_reporter r ON r.form = f.id
      JOIN unit u ON u.id = r.unit AND u.withdrawn IS NULL AND coalesce(u.valid_from, '') <= p.last AND coalesce(u.valid_to, '9999') >= p.last
      LEFT JOIN submission s ON s.form = f.id AND coalesce(s.sender, 0) = u.id AND s.span = p.name AND s.status = 'current'
      WHERE f.withdrawn IS NULL)
GROUP BY form, period_id
ORDER BY form, period_id;

-- Who has not sent what.
CREATE VIEW v_missing AS
SELECT f.code AS form, f.title AS form_title, p.name AS period, u.code AS unit, u.name AS unit_name
FROM form f
JOIN period p ON p.every = f.every AND coalesce(f.valid_from, '') <= p.first AND coalesce(f.valid_to, '9999') >= p.last
JOIN form_reporter r ON r.form = f.id
JOIN unit u ON u.id = r.unit AND u.withdrawn IS NULL AND coalesce(u.valid_from, '') <= p.last AND coalesce(u.valid_to, '9999') >= p.last
WHERE f.withdrawn IS NULL
  AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.form = f.id AND coalesce(s.sender, 0) = u.id AND s.span = p.name AND s.status = 'current')
ORDER BY f.code, p.id, u.code;

CREATE VIEW v_revision AS
SELECT kind, code, number, sha256, source, content, file, line, at, "by" FROM revision;

CREATE VIEW v_run AS
SELECT r.id, r.job, p.name AS period, r.attempt, r.state, r.started, r.ended, r.host, r.pid, r.error
FROM run r LEFT JOIN period p ON p.id = r.period;

CREATE VIEW v_audit AS
SELECT n, at, "by", what, detail, hash FROM audit;

CREATE VIEW v_lock AS
SELECT p.name AS period, l.at, l."by", l.reason FROM lock l JOIN period p ON p.id = l.period;

CREATE VIEW v_publication AS
SELECT id, report, span, format, path, sha256, at, "by" FROM publication;
