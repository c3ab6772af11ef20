-- SPDX-License-Identifier: MIT
-- The case runner: tests/cases/**/NAME.case, texts that a plan officer can read
-- (the format is in tests/README.md).
--
--   lua5.4 tests/run_cases.lua [FOLDER or FILE.case ...]
--
-- BUILD says where kehoach was built (default build), RUN what to put before it
-- (valgrind), KEEP=1 keeps the temporary folders and says where they are. The
-- last line is "N passed, N failed"; the exit status is 1 if one failed.

local here = arg[0]:match("^(.*)/[^/]*$") or "."

local function quote(s)
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

local function capture(command)
  local p = assert(io.popen(command))
  local text = p:read("a")
  p:close()
  return text
end

local function absolute(path)
  return (capture("realpath " .. quote(path)):gsub("\n$", ""))
end

local tests = absolute(here)
local build = absolute(os.getenv("BUILD") or here .. "/../build")
local keep = os.getenv("KEEP") == "1"
local before = os.getenv("RUN") or ""
local valgrind = before:find("/valgrind ", 1, true) -- what it finds is told apart from what the command says, in the worker and in a pipe as well

local function read_file(path)
  local f = io.open(path, "rb")
  if not f then return nil end
  local text = f:read("a")
  f:close()
  return text
end

local function write_file(path, bytes)
  local folder = path:match("^(.*)/[^/]*$")
  if folder then os.execute("mkdir -p " .. quote(folder)) end
  local f = assert(io.open(path, "wb"))
  f:write(bytes)
  f:close()
end

-- ---- reading a case --------------------------------------------------------

-- "data/x.csv crlf" or '"my file.csv" crlf' -> name, { "crlf" }
local function name_and_options(rest)
  local name, options = rest:match('^"([^"]*)"%s*(.*)$')
  if not name then name, options = rest:match("^(%S+)%s*(.*)$") end
  local list = {}
  for word in (options or ""):gmatch("%S+") do list[#list + 1] = word end
  return name, list
end

-- A list of { word, rest, body, line } in the order of the file.
local function parse(text)
  local sections, now, n = {}, nil, 0
  if text:sub(-1) ~= "\n" then text = text .. "\n" end
  for line in text:gmatch("(.-)\n") do
    n = n + 1
    local word, rest = line:match("^%-%-%- ([%w-]+):?%s*(.-)%s*$")
    if word then
      now = { word = word, rest = rest, body = {}, line = n }
      sections[#sections + 1] = now
    elseif now then
      now.body[#now.body + 1] = line
    end
  end
  -- One empty line before the next section is for the eye.
  for _, s in ipairs(sections) do
    if s.body[#s.body] == "" then s.body[#s.body] = nil end
  end
  return sections
end

-- ---- files -----------------------------------------------------------------

local escapes = { n = "\n", r = "\r", t = "\t", ["\\"] = "\\" }

local function unescape(s)
  s = s:gsub("\\x(%x%x)", function(hex) return "\0" .. hex end) -- NUL marks: no text line has one
  s = s:gsub("\\([nrt\\])", escapes)
  return (s:gsub("%z(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

local function through(command, bytes, scratch)
  write_file(scratch, bytes)
  local out = capture(command .. " < " .. quote(scratch))
  os.remove(scratch)
  return out
end

local function file_bytes(section, options, scratch)
  local bytes = #section.body > 0 and table.concat(section.body, "\n") .. "\n" or ""
  local i = 1
  while i <= #options do
    local o = options[i]
    local encoding = o:match("^encoding=(.+)$")
    if o == "escaped" then
      bytes = unescape(bytes)
    elseif o == "base64" then
      bytes = through("base64 -d", bytes, scratch)
    elseif o == "crlf" then
      bytes = bytes:gsub("\r?\n", "\r\n")
    elseif o == "bom" then
      bytes = "\xEF\xBB\xBF" .. bytes
    elseif o == "no-newline" then
      bytes = bytes:gsub("\n$", "")
    elseif encoding then
      bytes = through("iconv -f UTF-8 -t " .. quote(encoding), bytes, scratch)
    elseif o == "from" and options[i + 1] then
      i = i + 1
      bytes = read_file(tests .. "/" .. options[i])
      if not bytes then return nil, "there is no file tests/" .. options[i] end
    else
      return nil, "unknown option '" .. o .. "'"
    end
    i = i + 1
  end
  return bytes
end

-- ---- comparing -------------------------------------------------------------

local function lines_of(text)
  local list = {}
  if text ~= "" and text:sub(-1) ~= "\n" then text = text .. "\n" end
  for line in text:gmatch("(.-)\n") do list[#list + 1] = line end
  return list
end

-- A line fits if the parts between {*} come in it in their order, the first at its start, the last at its end.
local function line_fits(expected, got)
  if expected == got then return true end
  if not expected:find("{*}", 1, true) then return false end
  local pattern = expected:gsub("{%*}", "\0"):gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0"):gsub("%z", ".-")
  return got:find("^" .. pattern .. "$") ~= nil
end

-- The cheapest way from expected to got, where "..." takes any number of lines.
-- Returns the number of differences and the lines of a diff.
local function compare(expected, got)
  local n, m, cost = #expected, #got, {}
  for i = n + 1, 1, -1 do
    cost[i] = {}
    for j = m + 1, 1, -1 do
      local down = i <= n and cost[i + 1][j]
      local right = j <= m and cost[i][j + 1]
      local c
      if i > n then
        c = j > m and 0 or right + 1
      elseif expected[i] == "..." then
        c = (right and right < down) and right or down
      elseif j <= m and line_fits(expected[i], got[j]) then
        c = cost[i + 1][j + 1]
      else
        c = math.min(down, right or math.huge) + 1
      end
      cost[i][j] = c
    end
  end
  local diff, i, j = {}, 1, 1
  local function say(sign, line) diff[#diff + 1] = "      " .. sign .. " " .. line end
  while i <= n or j <= m do
    if i <= n and expected[i] == "..." then
      if cost[i][j] == cost[i + 1][j] then i = i + 1 else say(" ", got[j]) j = j + 1 end
    elseif i <= n and j <= m and line_fits(expected[i], got[j]) then
      say(" ", got[j])
      i, j = i + 1, j + 1
    elseif i <= n and cost[i][j] == cost[i + 1][j] + 1 then
      say("-", expected[i])
      i = i + 1
    else
      say("+", got[j])
      j = j + 1
    end
  end
  return cost[1][1], diff
end

-- ---- running ---------------------------------------------------------------

local case = {}
case.__index = case

function case:fail(section, message, diff)
  local lines = { ("  line %d: %s"):format(section.line, message) }
  for _, l in ipairs(diff or {}) do lines[#lines + 1] = l end
  self.faults[#self.faults + 1] = table.concat(lines, "\n")
end

function case:expect(section, got)
  local differences, diff = compare(section.body, lines_of(got))
  if differences > 0 then
    self:fail(section, ("%s is not as expected (- expected, + got)"):format((section.word .. " " .. section.rest):gsub("%s+$", "")), diff)
  end
end

-- What a run printed, without what differs from run to run.
function case:output(name)
  local text = read_file(self.dir .. "/" .. name) or ""
  local from = self.dir .. "/w"
  local out, at = {}, 1
  while true do
    local a, b = text:find(from, at, true)
    if not a then break end
    out[#out + 1] = text:sub(at, a - 1) .. "$DIR"
    at = b + 1
  end
  return table.concat(out) .. text:sub(at)
end

-- Each run ends with its exit status: the one expected, or 0.
function case:check_exit()
  if not self.last then return end
  local run = self.last
  self.last = nil
  if run.status ~= run.expected then
    local diff = {}
    for _, stream in ipairs { "out", "err" } do
      for _, l in ipairs(lines_of(run[stream])) do diff[#diff + 1] = "      " .. stream .. "| " .. l end
    end
    self:fail(run.section, ("exit status %d instead of %d: %s"):format(run.status, run.expected, run.section.rest), diff)
  end
end

local steps = {}

function steps.copy(self, s)
  local from, options = name_and_options(s.rest)
  local to = self.work .. "/" .. (options[1] or ".")
  local source = tests .. "/" .. from
  if not os.execute(("mkdir -p %s && cp -R %s/. %s"):format(quote(to), quote(source), quote(to))) then
    self:fail(s, "cannot copy " .. source)
  end
end

function steps.workspace(self, s)
  local root = tests .. "/.."
  local command = ("cp -R %s/kehoach.lua %s/scripts %s/data %s"):format(quote(root), quote(root), quote(root), quote(self.work))
  if not os.execute(command) then self:fail(s, "cannot copy the project's workspace") end
end

function steps.file(self, s)
  local name, options = name_and_options(s.rest)
  local bytes, why = file_bytes(s, options, self.dir .. "/scratch")
  if not bytes then return self:fail(s, why) end
  write_file(self.work .. "/" .. name, bytes)
end

function steps.env(self, s)
  local name, value = s.rest:match("^([%w_]+)=(.*)$")
  if not name then return self:fail(s, "env wants NAME=value") end
  self.env[#self.env + 1] = ("export %s=%s\n"):format(name, quote(value))
end

function steps.run(self, s)
  self:check_exit()
  local command = s.rest
  if #s.body > 0 then command = command .. "\n" .. table.concat(s.body, "\n") end
  write_file(self.dir .. "/run.sh", ([[
cd %s/w || exit 125
unset LANG LANGUAGE LC_ALL LC_MESSAGES LC_CTYPE KEHOACH_LOCALE
export NO_COLOR=1 TZ=Asia/Ho_Chi_Minh HOME=%s/w TESTS=%s BUILD=%s PATH=%s/bin:$PATH
%s%s
]]):format(quote(self.dir), quote(self.dir), quote(tests), quote(build), quote(self.dir), table.concat(self.env), command))
  local _, how, status = os.execute(("sh %s/run.sh </dev/null >%s/out 2>%s/err"):format(quote(self.dir), quote(self.dir), quote(self.dir)))
  if how == "signal" then status = 128 + status end
  self.last = { section = s, status = status, expected = 0, out = self:output("out"), err = self:output("err") }
  if valgrind then
    local found = capture(("cat %s/valgrind.* 2>/dev/null | grep ^==; rm -f %s/valgrind.*"):format(quote(self.dir), quote(self.dir)))
    if found ~= "" then self:fail(s, "valgrind: " .. s.rest, lines_of(found)) end
  end
end

local function after_run(check)
  return function(self, s)
    if not self.last then return self:fail(s, "comes before any run") end
    check(self, s)
  end
end

steps.exit = after_run(function(self, s)
  self.last.expected = tonumber(s.rest) or self:fail(s, "exit wants a number") or 0
end)
steps.stdout = after_run(function(self, s) self:expect(s, self.last.out) end)
steps.stderr = after_run(function(self, s) self:expect(s, self.last.err) end)
steps.contents = after_run(function(self, s)
  local name = name_and_options(s.rest)
  local text = read_file(self.work .. "/" .. name)
  if not text then return self:fail(s, "there is no file " .. name) end
  self:expect(s, text)
end)
steps.absent = after_run(function(self, s)
  if read_file(self.work .. "/" .. s.rest) then self:fail(s, "the file " .. s.rest .. " should not be there") end
end)

local function run_case(path)
  local dir = capture("mktemp -d"):gsub("\n$", "")
  local self = setmetatable({ dir = dir, work = dir .. "/w", env = {}, faults = {} }, case)
  os.execute("mkdir " .. quote(self.work))
  -- A program of its own in PATH, so that a case can use pipes and loops and still meet valgrind.
  local log = valgrind and (" --log-file=%s/valgrind.%%p"):format(quote(dir)) or ""
  write_file(dir .. "/bin/kehoach", ('#!/bin/sh\nexec %s%s %s/kehoach "$@"\n'):format(before, log, quote(build)))
  os.execute("chmod +x " .. quote(dir .. "/bin/kehoach"))
  local sections, ran = parse(read_file(path)), false
  for _, s in ipairs(sections) do
    local step = steps[s.word]
    ran = ran or s.word == "run"
    if step then step(self, s) else self:fail(s, "unknown section '" .. s.word .. "'") end
  end
  self:check_exit()
  if not ran then self:fail({ line = 1 }, "nothing is run") end
  if keep then print("  kept: " .. self.work) else os.execute("rm -rf " .. quote(dir)) end
  return self.faults
end

-- ---- all of them -----------------------------------------------------------

-- A build of some rooms has no command to run; then only the runner's own cases make sense.
local whole = (" " .. (os.getenv("ROOMS") or "cli") .. " "):find(" cli ", 1, true)
local places = #arg > 0 and arg or { tests .. (whole and "/cases" or "/cases/runner") }
local passed, failed = 0, 0
for _, place in ipairs(places) do
  for path in capture(("find %s -name '*.case' 2>/dev/null | LC_ALL=C sort"):format(quote(place))):gmatch("[^\n]+") do
    local faults = run_case(path)
    if #faults == 0 then
      passed = passed + 1
    else
      failed = failed + 1
      print("not ok: " .. path)
      print(table.concat(faults, "\n"))
    end
  end
end
print(("%d passed, %d failed"):format(passed, failed))
os.exit(failed == 0)
