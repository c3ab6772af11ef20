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
