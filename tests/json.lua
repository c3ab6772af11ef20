-- SPDX-License-Identifier: MIT
-- What `kehoach --json` prints is what docs/json.md says: each example there and each "check" in its comments is run, in the
-- page's order in one workspace; the output is one JSON document whose keys and types are those of the section's table,
-- and no key of a table is without one that was seen. Every command has a section.

local here = arg[0]:match("^(.*)/[^/]*$") or "."

local function capture(command)
  local p = assert(io.popen(command))
  local text = p:read("a")
  p:close()
  return text
end

local root = capture("realpath '" .. here .. "/..'"):gsub("\n", "")
local build = capture("realpath '" .. (os.getenv("BUILD") or root .. "/build") .. "'"):gsub("\n", "")
local work = capture("mktemp -d"):gsub("\n", "")
local environment = string.format("cd '%s' && PATH='%s':\"$PATH\" KEHOACH_LANG=en KEHOACH_NOW=2021-02-15T02:00:00Z KEHOACH_BY=lan@vpubnd && " ..
  "export PATH KEHOACH_LANG KEHOACH_NOW KEHOACH_BY\n", work, build)

local passed, failed = 0, 0
local function judge(ok, ...)
  if ok then
    passed = passed + 1
  else
    failed = failed + 1
    print(string.format(...))
  end
end

local function run(command)
  local f = assert(io.open(work .. "/.run.sh", "w"))
  f:write(environment, command, "\n")
  f:close()
  return capture("sh '" .. work .. "/.run.sh' 2>/dev/null </dev/null")
end

-- ---- JSON (RFC 8259): each value becomes { type, value }, where the end of the text lies --------------------

local function parse(text)
  local at = 1
  local function fail(what) error(string.format("at byte %d: %s", at, what), 0) end
  local function blank() at = text:find("[^ \t\r\n]", at) or #text + 1 end
  local function take(pattern)
    local from, to = text:find("^" .. pattern, at)
    if not from then return nil end
    at = to + 1
    return text:sub(from, to)
  end
  local function str()
    local from = at
    at = at + 1
    while true do
      local c = text:sub(at, at)
      if c == "" or c:byte() < 32 then fail("a text does not end, or holds a control byte") end
      if c == '"' then break end
      if c == "\\" and not text:find('^\\["\\/bfnrt]', at) and not text:find("^\\u%x%x%x%x", at) then fail("an unknown escape") end
      at = at + (c == "\\" and 2 or 1)
    end
    at = at + 1
    return text:sub(from + 1, at - 2)
  end
  local value
  local function members(close, each)
    at = at + 1
    blank()
    if take(close) then return end
    repeat
      blank()
      each()
      blank()
    until not take(",")
    if not take(close) then fail("no " .. close) end
  end
  function value()
    blank()
    local c = text:sub(at, at)
    if c == '"' then
      if not utf8.len(text) then fail("not UTF-8") end
      return { "text", str() }
    elseif c == "{" then
      local keys = {}
      members("}", function()
        if text:sub(at, at) ~= '"' then fail("no key") end
        local key = str()
        blank()
        if not take(":") then fail("no colon") end
        for _, k in ipairs(keys) do if k[1] == key then fail("the key " .. key .. " twice") end end
        keys[#keys + 1] = { key, value() }
      end)
      return { "object", keys }
    elseif c == "[" then
      local items = {}
      members("%]", function() items[#items + 1] = value() end)
      return { "list", items }
    end
    local number = take("%-?[0-9]+[0-9.eE+-]*")
    if number then
      if not tonumber(number) or number:find("^%-?0[0-9]") then fail("not a number: " .. number) end
      return { number:find("[.eE]") and "number" or "integer", number }
    end
    if take("true") or take("false") then return { "true or false" } end
    if take("null") then return { "null" } end
    fail("no value")
  end
  local v = value()
  blank()
  if at <= #text then fail("something after the document") end
  return v
end

-- ---- the page ----------------------------------------------------------------------------------------------

local sections, now, block = {}, nil, false
for line in io.lines(root .. "/docs/json.md") do
  local title = line:match("^## (.*)$")
  if title then
    now = { title = title, steps = {}, rows = {}, text = "" }
    sections[#sections + 1] = now
  elseif line:match("^```") then
    block = line == "```console"
  end
  now = now or { title = "", steps = {}, rows = {}, text = "" }
  if #sections == 0 and not sections.head then sections.head = now end
  now.text = now.text .. line .. "\n"
  local example, check, prepare = block and line:match("^%$ (.*)$"), line:match("^<!%-%- check: (.*) %-%->$"), line:match("^<!%-%- run: (.*) %-%->$")
  local key, types = line:match("^| `(.-)` | (.-) |")
  if example and not example:find("|", 1, true) then check = example end
  if example and example:find("|", 1, true) then prepare = example end
  if check or prepare then now.steps[#now.steps + 1] = { command = check or prepare, check = check ~= nil } end
  if key then now.rows[#now.rows + 1] = { key = key, types = types } end
end

local function row_of(section, path)
  for _, r in ipairs(section.rows) do
    local pattern = r.key:gsub("%p", "%%%0"):gsub("%%<name%%>", "[^.]+")
    if r.key == path then return r end
    if r.key:find("<", 1, true) and path:find("^" .. pattern .. "$") then r.loose = true end
  end
  local best
  for _, r in ipairs(section.rows) do
    local pattern = "^" .. r.key:gsub("%p", "%%%0"):gsub("%%<name%%>", "[^.]+") .. "$"
    if r.key:find("<", 1, true) and path:find(pattern) and (not best or #r.key > #best.key) then best = r end
  end
  return best
end

local function fits(types, kind)
  if kind == "integer" and types:find("number", 1, true) then return true end
  return types:find(kind, 1, true) ~= nil
end

local function compare(section, command, v, path)
  if v[1] == "object" then
    for _, k in ipairs(v[2]) do compare(section, command, k[2], path == "" and k[1] or path .. "." .. k[1]) end
  elseif v[1] == "list" then
    path = path .. "[]"
    local same = row_of(section, path)
    if same and same.types == "the same keys" then
      same.seen = true
      path = path:match("^(.-)%.?[^.]*$")
    end
    for _, x in ipairs(v[2]) do compare(section, command, x, path) end
  else
    local row = row_of(section, path)
    judge(row, "%s: `%s` prints the key %s, which docs/json.md does not know", section.title, command, path)
    if row then
      row.seen = true
      judge(fits(row.types, v[1]), "%s: `%s`: %s is %s; docs/json.md says %s", section.title, command, path, v[1], row.types)
    end
  end
end

local titles = {}
assert(os.execute(string.format("cd '%s' && cp -r kehoach.lua scripts data inbox '%s/'", root, work)))
table.insert(sections, 1, sections.head)
for _, s in ipairs(sections) do
  for word in s.title:gmatch("[%w-]+") do titles[word] = true end
  local checks = 0
  for _, step in ipairs(s.steps) do
    local said = run(step.command)
    if step.check then
      checks = checks + 1
      local ok, v = pcall(parse, said)
      judge(ok, "%s: `%s` prints no JSON document: %s: %s", s.title, step.command, v, said:sub(1, 200))
      if ok then compare(s, step.command, v, "") end
    end
  end
  judge(#s.rows == 0 or checks > 0, "%s: nothing is run for it", s.title)
  for _, r in ipairs(s.rows) do judge(r.seen, "%s: the key %s was in no output", s.title, r.key) end
end
for name in run("kehoach --help"):gmatch("\n  (%l[%w-]*) +%S[^\n]*") do
  judge(name == "kehoach" or titles[name], "docs/json.md does not tell of %s", name)
end
os.execute("rm -rf '" .. work .. "'")
print(passed .. " passed, " .. failed .. " failed")
os.exit(failed == 0)
