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
