-- SPDX-License-Identifier: MIT
-- Statements: odd spellings of what is refused, and work without end.
--@ attach behind a comment and capitals | error:
kh.sql("/* x */ aTtAcH /**/ DATABASE/**/'/tmp/kehoach-attack.db'/**/AS x")
--@ attach by a parameter | error:
kh.sql("ATTACH ? AS ?", "/tmp/kehoach-attack.db", "x")
--@ attach after a semicolon in a comment | error:
kh.sql("SELECT 1 -- \n; ATTACH '/tmp/kehoach-attack.db' AS x")
--@ update that returns, behind a WITH | error:
kh.sql("WITH a(x) AS (SELECT 1) UPDATE submission SET version = 9 WHERE id IN a RETURNING id")
--@ insert or replace that returns | error:
kh.sql("INSERT OR REPLACE INTO meta(key, value) VALUES ('x', 'y') RETURNING key")
--@ delete that returns from a view | error:
kh.sql("DELETE FROM v_value RETURNING 1")
--@ values with a subquery that writes | error:
kh.sql("VALUES ((DELETE FROM submission))")
--@ a recursion of two queues that each double | error:|time|memory
for r in kh.sql("WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a UNION ALL SELECT x * 2 FROM a) SELECT count(*) AS n FROM a") do end
--@ a recursion of long texts | error:|time|memory
for r in kh.sql("WITH RECURSIVE a(x) AS (SELECT 'xxxxxxxx' UNION ALL SELECT x || x FROM a) SELECT max(length(x)) AS n FROM a") do end
--@ a materialised product counted twice | error:|time|memory
for r in kh.sql("WITH a AS MATERIALIZED (SELECT 1 FROM v_value, v_value, v_value, v_value, v_value, v_value, v_value, v_value) SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM a) AS n") do end
--@ like with an escape and many wildcards | error:|time|ok
for r in kh.sql("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 100000) SELECT count(*) AS n FROM c WHERE ? LIKE ? ESCAPE 'z'", ("a"):rep(50000), ("%a"):rep(20) .. "b") do end
--@ glob against itself | error:|time|ok
for r in kh.sql("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 100000) SELECT count(*) AS n FROM c WHERE ? GLOB ?", ("a"):rep(50000), ("*a"):rep(20) .. "b") do end
--@ printf with flags, width and precision of many digits | error:|ok
for r in kh.sql("SELECT printf('%,+08.2000000000d|%!#-2000000000.99f|%.2000000000q', 1, 1.5, 'x') AS x") do end
--@ printf with a format that is a column | error:|ok
for r in kh.sql("SELECT printf(x, x, x) AS y FROM (SELECT '%n%s%p%w' AS x)") do end
--@ format as another name of printf | error:|ok
for r in kh.sql("SELECT format('%*d', 2000000000, 1) AS x") do end
--@ zeroblob in a condition, compared | error:|memory|time
for r in kh.sql("SELECT zeroblob(1000000000) = zeroblob(999999999) AS x") do end
--@ a text joined to itself in one row | error:|memory
for r in kh.sql("SELECT x||x||x||x||x||x||x||x AS y FROM (SELECT y||y||y||y||y||y||y||y AS x FROM (SELECT ? AS y))", ("x"):rep(90000)) do end
--@ json that names a path of a hundred thousand steps | error:|ok
for r in kh.sql("SELECT json_extract('{}', ?) AS x", "$" .. ("[0]"):rep(30000)) do end
--@ json_tree of a deep text | error:|ok
for r in kh.sql("SELECT count(*) AS n FROM json_tree(?)", ("["):rep(900) .. ("]"):rep(900)) do end
--@ json_each joined with itself five times | error:|time|memory
local j = "[" .. ("1,"):rep(9999) .. "1]"
for r in kh.sql("SELECT count(*) AS n FROM json_each(?1) a, json_each(?1) b, json_each(?1) c, json_each(?1) d, json_each(?1) e WHERE a.value + b.value + c.value + d.value + e.value = 0", j) do end
--@ json_group_object of json_group_object | error:|memory|time
for r in kh.sql("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT json_group_object(i, hex(zeroblob(1000))) AS x FROM c") do end
--@ group_concat over a recursion with a long separator | error:|memory|time
for r in kh.sql("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT group_concat(i, ?) AS x FROM c", ("x"):rep(90000)) do end
--@ pragma as a function with a schema | error:
kh.sql("SELECT * FROM main.pragma_journal_mode")
--@ pragma as a function with an argument that writes | error:
kh.sql("SELECT * FROM pragma_user_version(7)")
--@ pragma by explain | error:
kh.sql("EXPLAIN PRAGMA journal_mode = DELETE")
--@ pragma in capitals behind a comment | error:
kh.sql("--\n/**/PRAGMA/**/main.journal_mode/**/=/**/OFF")
--@ the schema table by each of its names | error:|ok
local n = 0
for _, t in ipairs { "sqlite_schema", "main.sqlite_master", "sqlite_temp_schema", "temp.sqlite_master" } do if not pcall(function() for r in kh.sql("SELECT sql FROM " .. t) do end end) then n = n + 1 end end
--@ a table in quotes of each kind with a control byte | error:
kh.sql("SELECT * FROM \"a\27[2Jb\"")
--@ an error message as long as the statement | error:
kh.sql("SELECT " .. ("x"):rep(90000))
--@ a statement of brackets | error:
kh.sql("SELECT " .. ("("):rep(40000) .. "1" .. (")"):rep(40000))
--@ a chain of CASE | error:|ok
kh.sql("SELECT " .. ("CASE WHEN 1 THEN "):rep(2000) .. "1" .. (" END"):rep(2000))
--@ a window frame over everything for each row | error:|time|memory|ok
for r in kh.sql("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 100000) SELECT sum(i) OVER (ORDER BY i ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS s, max(i) OVER (ORDER BY i DESC ROWS BETWEEN 50000 PRECEDING AND 50000 FOLLOWING) AS m FROM c") do end
--@ a correlated subquery within correlated subqueries | error:|time
for r in kh.sql("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 10000) SELECT (SELECT count(*) FROM c b WHERE b.i < a.i AND (SELECT count(*) FROM c d WHERE d.i < b.i) > 0) AS n FROM c a") do end
--@ a statement that is stepped within itself | error:|ok|time
local it = kh.sql("SELECT value FROM v_value")
local function f() for r in it do f() end end f()
--@ strftime with a long format and odd modifiers | error:|ok
for r in kh.sql("SELECT strftime(?, 'now', ?) AS x", ("%Y"):rep(40000), "+99999999999999 years") do end
--@ char and unicode of what is none | error:|ok
for r in kh.sql("SELECT char(0, -1, 1114112, 55296) AS x, unicode('') AS y") do local _ = r.x end
--@ likelihood, unlikely, and other hints | error:|ok
for r in kh.sql("SELECT likelihood(1, 0.5) AS x") do end
--@ total_changes, last_insert_rowid, changes | error:|ok
for r in kh.sql("SELECT total_changes() AS x, last_insert_rowid() AS y, changes() AS z") do end
