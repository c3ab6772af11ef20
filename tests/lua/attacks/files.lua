-- SPDX-License-Identifier: MIT
-- Files outside of what the workspace grants.
--@ read an absolute path | error:outside
kh.read("/etc/passwd")
--@ read through .. | error:outside|error:cannot open
kh.read("data/../../../../../../etc/passwd")
--@ read kehoach.lua, which is not granted | error:outside
kh.read("kehoach.lua")
--@ read the store | error:outside
kh.read("kehoach.db")
--@ read through a link | error:outside
kh.read("data/link-to-etc/passwd")
--@ read a device | error:outside
kh.read("/dev/zero")
--@ read /proc | error:outside
kh.read("/proc/self/environ")
--@ read a folder | error:no file
kh.read("data")
--@ read an empty name | error:empty
kh.read("")
--@ read a fifo does not hang | error:no file
kh.read("data/fifo")
--@ a name with a zero byte does not end there | error:zero bytes
kh.read("data\0/../kehoach.lua") kh.read("kehoach.lua\0.csv")
--@ write outside | error:outside
kh.write("/tmp/kehoach-attack", "x")
--@ write through .. | error:outside|error:no folder|error:cannot
kh.write("out/../kehoach.lua", "x")
--@ write over kehoach.lua | error:outside
kh.write("kehoach.lua", "x")
--@ write into data, which is for reading | error:outside
kh.write("data/x.csv", "x")
--@ write through a link | error:outside
kh.write("out/link-out/x", "x")
--@ write to a dangling link | error:no name|error:outside
kh.write("out/dangling", "x")
--@ write a name that is a folder | error:folder|error:directory|error:Is a|error:cannot
assert(kh.write("out", "x"))
--@ write without end | output
while true do kh.write("out/endless", ("x"):rep(1 << 20)) end
--@ write many files | output|time
for i = 1, math.huge do kh.write("out/x" .. i % 50, ("x"):rep(1 << 16)) end
--@ write more than memory through a file | output|memory
kh.write("out/x", ("x"):rep(30 << 20))
--@ list a folder that is not granted | error:outside
kh.files("/etc")
--@ import from outside | error:outside
kh.import("/etc/passwd")
--@ import a device | error:outside
kh.import("/dev/urandom")
--@ inbox outside | error:outside
kh.inbox("/etc")
--@ report into a folder outside | error:outside
kh.report("r", { period = "2018" }):write("/tmp")
--@ report through .. | error:outside|error:no folder|error:cannot
kh.report("r", { period = "2018" }):write("out/../../x.html")
--@ report over the definitions | error:outside
kh.report("r", { period = "2018" }):write("scripts/x.html")
--@ frame as file outside | error:outside
kh.frame({ "a" }, { { a = 1 } }):csv("/tmp/x.csv")
--@ workbook outside | error:outside
kh.frame({ "a" }, { { a = 1 } }):xlsx("../x.xlsx")
--@ a name with newlines stays inside | ok
local ok = pcall(kh.write, "out/a\nb", "x")
