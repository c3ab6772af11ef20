-- SPDX-License-Identifier: MIT
-- SQL that scripts write.
--@ insert | error:
kh.sql("INSERT INTO submission(id) VALUES (1)"):all()
--@ delete | error:
kh.sql("DELETE FROM submission"):all()
--@ drop | error:
kh.sql("DROP TABLE submission"):all()
--@ create | error:
kh.sql("CREATE TABLE x(a)"):all()
--@ temporary table | error:
kh.sql("CREATE TEMP TABLE x AS SELECT 1"):all()
--@ pragma | error:
kh.sql("PRAGMA journal_mode = OFF"):all()
--@ pragma as a table | error:
kh.sql("SELECT * FROM pragma_database_list"):all()
--@ attach | error:
kh.sql("ATTACH '/tmp/kehoach-attack.db' AS x"):all()
--@ attach by uri | error:
kh.sql("ATTACH 'file:/tmp/x?mode=rwc' AS x"):all()
--@ vacuum into | error:
kh.sql("VACUUM INTO '/tmp/kehoach-attack.db'"):all()
--@ load_extension | error:
kh.sql("SELECT load_extension('/tmp/x.so')"):all()
--@ fts3_tokenizer | error:
kh.sql("SELECT fts3_tokenizer('simple', x'4141414141414141')"):all()
--@ readfile | error:
kh.sql("SELECT readfile('/etc/passwd')"):all()
--@ writefile | error:
kh.sql("SELECT writefile('/tmp/kehoach-attack', 'x')"):all()
--@ edit | error:
kh.sql("SELECT edit('x')"):all()
--@ begin | error:
kh.sql("BEGIN EXCLUSIVE"):all()
--@ savepoint | error:
kh.sql("SAVEPOINT x"):all()
--@ two statements | error:
kh.sql("SELECT 1; DELETE FROM submission"):all()
--@ printf of two thousand million | error:
kh.sql("SELECT printf('%.*c', 2000000000, 'x')"):all()
--@ zeroblob | error:|memory|time
kh.sql("SELECT length(zeroblob(2000000000))"):all()
--@ randomblob | error:
kh.sql("SELECT randomblob(2000000000)"):all()
--@ an endless recursion | error:|time
kh.sql("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t"):all()
--@ an endless recursion that grows | error:|time|memory
kh.sql("WITH RECURSIVE t(x) AS (SELECT 'x' UNION ALL SELECT x || x FROM t) SELECT max(length(x)) FROM t"):all()
--@ a cross join of many | error:|time
kh.sql("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t LIMIT 1000) SELECT count(*) FROM t a, t b, t c, t d"):all()
--@ rows without end | error:|time|memory
local n = 0
for row in kh.sql("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT x FROM t") do n = n + 1 end
--@ rows without end into a frame | error:|time|memory
kh.sql("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT x FROM t"):frame()
--@ a sort that spills | error:|time|memory
kh.sql("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT x FROM t ORDER BY -x"):all()
--@ like with a slow pattern | error:|time|ok
kh.sql("SELECT (SELECT group_concat('a') FROM (WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t LIMIT 50000) SELECT 1 FROM t)) LIKE '%a%a%a%a%a%a%a%a%a%b'"):all()
--@ a statement of a million bytes | error:
kh.sql("SELECT " .. ("1+"):rep(500000) .. "1"):all()
--@ a deep expression | error:
kh.sql("SELECT " .. ("("):rep(5000) .. "1" .. (")"):rep(5000)):all()
--@ many compound selects | error:
kh.sql("SELECT 1" .. (" UNION ALL SELECT 1"):rep(5000)):all()
--@ many parameters | error:100
kh.sql("SELECT 1", table.unpack({}, 1, 200)):all()
--@ a parameter that is a table | error:parameter
kh.sql("SELECT ?", {}):all()
--@ a parameter that is a function | error:parameter
kh.sql("SELECT ?", print):all()
--@ quotes in a parameter are data | ok
assert(kh.sql("SELECT ? AS x", "'; DROP TABLE submission; --"):one().x == "'; DROP TABLE submission; --")
--@ many open statements | error:are open
local t = {}
while true do t[#t + 1] = kh.sql("SELECT 1") end
--@ use after close | error:closed
local r = kh.sql("SELECT 1")
r:close()
r:all()
--@ close twice | ok
local r = kh.sql("SELECT 1")
r:close() r:close()
--@ an error while rows are pulled is no end | error:
for row in kh.sql("SELECT abs(-9223372036854775808) AS x") do end
--@ broken text | error:
kh.sql("SELEC 1"):all()
--@ a table that is not there | error:nothing_here
kh.sql("SELECT * FROM nothing_here"):all()
--@ no text | error:text
kh.sql():all()
--@ the store's own tables of SQLite | error:|ok
kh.sql("SELECT sql FROM sqlite_schema"):all()
--@ update | error:
kh.sql("UPDATE submission SET status = 'current'"):all()
--@ replace | error:
kh.sql("REPLACE INTO meta VALUES ('a', 'b')"):all()
--@ upsert | error:
kh.sql("INSERT INTO meta VALUES ('a', 'b') ON CONFLICT DO UPDATE SET value = 'c'"):all()
--@ insert that returns | error:
kh.sql("INSERT INTO meta VALUES ('a', 'b') RETURNING key"):all()
--@ delete behind a WITH | error:
kh.sql("WITH t AS (SELECT 1) DELETE FROM audit"):all()
--@ a temporary view | error:
kh.sql("CREATE TEMP VIEW v AS SELECT 1"):all()
--@ a trigger | error:
kh.sql("CREATE TEMP TRIGGER t AFTER INSERT ON meta BEGIN SELECT 1; END"):all()
--@ an index | error:
kh.sql("CREATE INDEX i ON submission (form)"):all()
--@ a virtual table | error:
kh.sql("CREATE VIRTUAL TABLE f USING fts5(x)"):all()
--@ alter | error:
kh.sql("ALTER TABLE submission ADD COLUMN x"):all()
--@ drop a view | error:
kh.sql("DROP VIEW v_value"):all()
--@ reindex | error:
kh.sql("REINDEX"):all()
--@ analyze | error:
kh.sql("ANALYZE"):all()
--@ vacuum | error:
kh.sql("VACUUM"):all()
--@ detach | error:
kh.sql("DETACH main"):all()
--@ commit | error:
kh.sql("COMMIT"):all()
--@ rollback | error:
kh.sql("ROLLBACK"):all()
--@ release | error:
kh.sql("RELEASE x"):all()
--@ writable_schema | error:
kh.sql("PRAGMA writable_schema = 1"):all()
--@ query_only off | error:
kh.sql("PRAGMA query_only = 0"):all()
--@ trusted_schema on | error:
kh.sql("PRAGMA trusted_schema = 1"):all()
--@ temp_store_directory | error:
kh.sql("PRAGMA temp_store_directory = '/tmp'"):all()
--@ hard_heap_limit off | error:
kh.sql("PRAGMA hard_heap_limit = 0"):all()
--@ user_version | error:
kh.sql("PRAGMA user_version = 99"):all()
--@ table_info as a table | error:
kh.sql("SELECT * FROM pragma_table_info('submission')"):all()
--@ a pragma as a table behind a join | error:
kh.sql("SELECT * FROM v_unit u JOIN pragma_function_list f"):all()
--@ sqlite_temp_master | error:
kh.sql("SELECT * FROM sqlite_temp_master"):all()
--@ sqlite_dbpage | error:
kh.sql("SELECT * FROM sqlite_dbpage"):all()
--@ dbstat | error:
kh.sql("SELECT * FROM dbstat"):all()
--@ sqlite_stmt | error:
kh.sql("SELECT * FROM sqlite_stmt"):all()
--@ bytecode of a statement | error:
kh.sql("SELECT * FROM bytecode('SELECT 1')"):all()
--@ fts as a function | error:
kh.sql("SELECT * FROM fts5vocab"):all()
--@ generate_series without end | error:|time
kh.sql("SELECT count(*) FROM generate_series(1, 9223372036854775807)"):all()
--@ json_each of itself, many times | error:|time|memory|ok
kh.sql("WITH j(x) AS (SELECT json_array(1,2,3,4,5,6,7,8,9,10)) SELECT count(*) FROM j, json_each(x) a, json_each(x) b, json_each(x) c, json_each(x) d, json_each(x) e, json_each(x) f, json_each(x) g, json_each(x) h"):all()
--@ deep json | error:|ok
kh.sql("SELECT json_valid(?)", ("["):rep(90000)):all()
--@ a million brackets of json | error:
kh.sql("SELECT json_array_length(?)", ("["):rep(1000001)):all()
--@ json_patch | error:
kh.sql("SELECT json_patch('{}', '{}')"):all()
--@ json by a path that is no path | error:
kh.sql("SELECT json_extract('{}', 'x')"):all()
--@ sqlite_compileoption_get | error:
kh.sql("SELECT sqlite_compileoption_get(1)"):all()
--@ sqlite_source_id | error:
kh.sql("SELECT sqlite_source_id()"):all()
--@ sqlite_log | error:
kh.sql("SELECT sqlite_log(1, 'x')"):all()
--@ sqlite_offset | error:
kh.sql("SELECT sqlite_offset(id) FROM submission"):all()
--@ rtreecheck | error:
kh.sql("SELECT rtreecheck('x')"):all()
--@ matchinfo | error:
kh.sql("SELECT matchinfo('x')"):all()
--@ printf with a width from outside | error:
kh.sql("SELECT printf('%*d', 2000000000, 1)"):all()
--@ printf with many digits | error:
kh.sql("SELECT printf('%.999999999f', 1.0)"):all()
--@ format with a star | error:
kh.sql("SELECT format('%.*c', 2000000000, 'x')"):all()
--@ replace that grows | error:
kh.sql("SELECT length(replace(hex(?), '0', hex(?)))", ("\0"):rep(90000), ("x"):rep(90000)):all()
--@ hex of hex of hex | error:|ok
kh.sql("SELECT length(hex(hex(hex(hex(hex(?))))))", ("x"):rep(90000)):all()
--@ quote of a long text | error:|ok
kh.sql("SELECT length(quote(?))", ("'"):rep(900000)):all()
--@ instr in a megabyte, twenty times | error:|ok|time
local a, b = ("a"):rep(900000), ("a"):rep(450000) .. "b"
kh.sql("SELECT instr(?1, ?2)" .. ("+ instr(?1, ?2)"):rep(19), a, b):all()
--@ trim with a long set | error:
kh.sql("SELECT trim(?1, ?2)", ("a"):rep(900000), ("b"):rep(10000) .. "a"):all()
--@ glob with many sets | error:|ok|time
kh.sql("SELECT ? GLOB '*[a]*[a]*[a]*[a]*[a]*[a]*[a]*[a]*b'", ("a"):rep(900000)):all()
--@ like with a pattern of a thousand letters | error:
kh.sql("SELECT 'x' LIKE ?", ("%a"):rep(1000)):all()
--@ group_concat without end | error:|memory|time
kh.sql("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT length(group_concat(x, 'xxxxxxxxxxxxxxxx')) FROM t"):all()
--@ json_group_array without end | error:|memory|time
kh.sql("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT length(json_group_array(x)) FROM t"):all()
--@ distinct without end | error:|memory|time
kh.sql("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(DISTINCT x) FROM t"):all()
--@ a recursion that remembers without end | error:|memory|time
kh.sql("WITH RECURSIVE t(x) AS (SELECT 1 UNION SELECT x + 1 FROM t) SELECT max(x) FROM t"):all()
--@ a window over rows without end | error:|memory|time
kh.sql("WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t LIMIT 1000000) SELECT max(y) FROM (SELECT sum(x) OVER (ORDER BY x ROWS BETWEEN 100000 PRECEDING AND CURRENT ROW) AS y FROM t)"):all()
--@ a product of the store with itself | error:|time|ok
kh.sql("SELECT count(*) FROM v_value a, v_value b, v_value c, v_value d, v_value e, v_value f, v_value g, v_value h"):all()
--@ an IN list of fifty thousand | error:|ok
kh.sql("SELECT 1 WHERE 1 IN (" .. ("1,"):rep(40000) .. "1)"):all()
--@ a chain of OR | error:
kh.sql("SELECT 1 WHERE " .. ("x = 1 OR "):rep(5000) .. "0"):all()
--@ nested subqueries | error:
kh.sql(("SELECT * FROM ("):rep(200) .. "SELECT 1" .. (")"):rep(200)):all()
--@ joins of a hundred tables | error:
kh.sql("SELECT 1 FROM v_unit" .. (", v_unit"):rep(99)):all()
--@ a thousand columns | error:
kh.sql("SELECT 1" .. (", 1"):rep(999)):all()
--@ a zero byte in the text | error:|ok
kh.sql("SELECT 1\0; DELETE FROM submission"):all()
--@ a comment that hides a statement | error:
kh.sql("SELECT 1 /* */; -- x\n DELETE FROM submission"):all()
--@ only a comment | error:|ok
kh.sql("-- nothing"):all()
--@ explain of a change | error:
kh.sql("EXPLAIN DELETE FROM submission"):all()
--@ a division by zero is nothing | ok
assert(kh.sql("SELECT 1 / 0 AS x"):one().x == nil)
--@ a cast of a text that is too long | error:|ok
kh.sql("SELECT CAST(? AS INTEGER)", ("9"):rep(900000)):all()
--@ a parameter longer than the limit | error:
kh.sql("SELECT length(?)", ("x"):rep(2000000)):all()
--@ collate that is not there | error:
kh.sql("SELECT 1 ORDER BY 1 COLLATE icu_vi"):all()
--@ a table of another schema | error:
kh.sql("SELECT * FROM temp.x"):all()
--@ a hundred statements, each to its end | ok
for i = 1, 100 do assert(kh.sql("SELECT ? AS x", i):one().x == i) end
--@ statements in coroutines | ok
local co = {}
for i = 1, 20 do co[i] = coroutine.wrap(function() for r in kh.sql("SELECT 1 AS x UNION ALL SELECT 2") do coroutine.yield(r.x) end end) end
for i = 1, 20 do assert(co[i]() == 1) end
--@ a statement closed by its own loop | error:closed|ok
local r = kh.sql("SELECT 1 AS x UNION ALL SELECT 2")
for row in r do r:close() end
