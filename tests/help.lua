-- SPDX-License-Identifier: MIT
-- Every example in every `kehoach COMMAND --help` is run in a loaded copy of the default workspace, in both languages:
-- it ends well, says something, and is the same command in both. What an example takes for granted (a file, an earlier
-- command) is made for it first, here below.

local here = arg[0]:match("^(.*)/[^/]*$") or "."

local function capture(command)
  local p = assert(io.popen(command))
  local text = p:read("a")
  p:close()
  return (text:gsub("\n$", ""))
end

local root = capture("realpath '" .. here .. "/..'")
local build = capture("realpath '" .. (os.getenv("BUILD") or root .. "/build") .. "'")
local work = capture("mktemp -d")
local environment = string.format("cd '%s/plan' && PATH='%s':\"$PATH\" KEHOACH_NOW=2021-02-15T02:00:00Z KEHOACH_BY=lan@vpubnd LC_ALL=C.UTF-8 && export LC_ALL PATH KEHOACH_NOW KEHOACH_BY && ",
  work, build)

local DB01, TQ01 = "data/returns/2020/DB-01_183_2020H2.csv", "data/returns/2019/TQ-01_183_2019.csv"
local before = {
  import = "cp data/returns/2018/DB-01_180_2018H1.csv . && cp " .. DB01 .. " corrected.csv && iconv -f utf-8 -t utf-16 " .. TQ01 .. " >data.csv",
  compute = "kehoach -q compute --keep --period 2020 >/dev/null && cp " .. DB01 .. " inbox/",
  report = "kehoach -q report nam --period 2020 -o out/ >/dev/null",
  test = "mkdir -p tests/lua && cp '" .. root .. "'/tests/lua/*_test.lua tests/lua/",
  unlock = "kehoach -q lock 2018Q1 --reason reported",
}
local may_find_faults = { check = true } -- status 1: the data has some

local passed, failed = 0, 0
local function judge(ok, ...)
  if ok then
    passed = passed + 1
  else
    failed = failed + 1
    print(string.format(...))
  end
end

-- Runs it; the status, and what was printed.
local function run(script)
  local f = assert(io.open(work .. "/run.sh", "w"))
  f:write(environment, script, "\n")
  f:close()
  local p = assert(io.popen("sh '" .. work .. "/run.sh' 2>&1 </dev/null"))
  local text = p:read("a")
  local _, _, status = p:close()
  return status, text
end

-- The lines "  kehoach ..." and "  ... | kehoach ..." without the note behind them; a session of the shell is its lines.
local function examples(text)
  local list = {}
  for line in text:gmatch("[^\n]+") do
    local typed = line:match("^  kehoach> (.*)$")
    local command = line:match("^  (kehoach .*)$") or line:match("^  (iconv .*)$")
    if typed then
      local s = list[#list]
      s.lines[#s.lines + 1] = typed
    elseif command then
      command = command:gsub("   +%S.*$", "")
      list[#list + 1] = { command = command, lines = {} }
    end
  end
  return list
end

local function quote(s) return "'" .. s:gsub("'", "'\\''") .. "'" end

assert(os.execute(string.format("mkdir -p '%s/plan/tests' && cd '%s' && cp -r kehoach.lua scripts data inbox examples '%s/plan/'", work, root, work)))
local status, text = run("kehoach -q import --arrivals data/returns/arrivals.csv >/dev/null 2>&1; kehoach -q load && cp kehoach.db ../loaded.db")
judge(status == 0, "the workspace is not loaded: %s", text)

local commands = {}
for name in capture(environment .. "kehoach --lang en --help"):gmatch("\n  (%l[%w-]*) +%S[^\n]*") do
  if name ~= "kehoach" then commands[#commands + 1] = name end
end
judge(#commands > 20, "`kehoach --help` lists %d commands", #commands)

for _, name in ipairs(commands) do
  local known
  for _, lang in ipairs { "vi", "en" } do
    local list = examples(capture(environment .. "kehoach --lang " .. lang .. " " .. name .. " --help"))
    judge(#list > 0, "%s, %s: its help has no example", name, lang)
    local all = ""
    for _, e in ipairs(list) do
      all = all .. e.command:gsub('%-%-reason "[^"]*"', "--reason") .. "\n" .. table.concat(e.lines, "\n")
      local command = e.command:gsub("/mnt/backup", "..")
      if #e.lines > 0 then command = "printf '%s\\n' " .. quote(table.concat(e.lines, "\n")) .. " | " .. command end
      local code, said = run(string.format("rm -rf out my-plan tests/lua kehoach.db-* && cp ../loaded.db kehoach.db && KEHOACH_LANG=%s && export KEHOACH_LANG && %s && %s",
        lang, before[name] or ":", command))
      judge((code == 0 or (code == 1 and may_find_faults[name])) and said ~= "", "%s, %s: `%s` ended with status %s and said: %s", name, lang, e.command, code, said)
    end
    judge(not known or known == all, "%s: the examples differ between the languages", name)
    known = all
  end
end
os.execute("rm -rf '" .. work .. "'")
print(passed .. " passed, " .. failed .. " failed")
os.exit(failed == 0)
