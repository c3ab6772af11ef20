-- SPDX-License-Identifier: MIT
-- The examples of docs/*.md are true: a ```lua block that defines a report is run in a workspace of its own, and what the
-- ```text block after it says is what the terminal shows. A block opened as ```lua fragment is only compiled.
local here = arg[0]:match("^(.*)/") or "."
local build = os.getenv("BUILD") or here .. "/../build"
local passed, failed = 0, 0

local function read(path)
  local f = assert(io.open(path, "rb"))
  local text = f:read("a")
  f:close()
  return text
end

local function write(path, text)
  local f = assert(io.open(path, "wb"))
  f:write(text)
  f:close()
end

local function output(command)
  local p = assert(io.popen(command .. " 2>&1"))
  local text = p:read("a")
  p:close()
  return text
end

-- { { info = "lua", text = "...", line = 12 }, ... }
local function blocks_of(text)
  local blocks, at, line = {}, nil, 0
  for row in (text .. "\n"):gmatch("(.-)\n") do
    line = line + 1
    local info = row:match("^```(.*)$")
    if info and at then
      at = nil
    elseif info then
      at = { info = info, text = "", line = line }
      blocks[#blocks + 1] = at
    elseif at then
      at.text = at.text .. row .. "\n"
    end
  end
  return blocks
end

local function tell(ok, where, why)
  if ok then
    passed = passed + 1
  else
    failed = failed + 1
    print("not ok: " .. where .. "\n" .. why)
  end
end

local WORKSPACE = 'workspace { name = "Thử", scripts = { "scripts" } }\n'
local UNITS = 'kind "tinh" { level = "province", title = "Tỉnh" }\nunit "20" { name = "Lạng Sơn", kind = "tinh" }\n'

local function run(block, expected, where)
  local dir = os.tmpname()
  os.remove(dir)
  os.execute("mkdir -p '" .. dir .. "/scripts'")
  write(dir .. "/kehoach.lua", WORKSPACE)
  write(dir .. "/scripts/units.lua", UNITS)
  write(dir .. "/scripts/report.lua", block.text)
  local name = block.text:match('report%s+"([^"]+)"')
  local command = ("env -u LANG -u LANGUAGE NO_COLOR=1 '%s/kehoach' -q -C '%s' "):format(build, dir)
  local loaded = output(command .. "load >/dev/null")
  local shown = loaded ~= "" and loaded or output(command .. "report " .. name .. " --period 2020")
  os.execute("rm -rf '" .. dir .. "'")
  local plain = function(s) return (s:gsub("[ \t]+\n", "\n"):gsub("%s+$", "")) end
  tell(plain(shown) == plain(expected.text), where, "it shows:\n" .. shown)
end

local list = assert(io.popen("ls '" .. here .. "'/../docs/*.md"))
for path in list:lines() do
  local blocks = blocks_of(read(path))
  for i, b in ipairs(blocks) do
    local where = path:match("[^/]+$") .. ":" .. b.line
    if b.info == "lua fragment" then
      local ok, why = load("local doc, p, kh = ...\n" .. b.text)
      tell(ok, where, tostring(why))
    elseif b.info == "lua" and b.text:find('report%s+"') and blocks[i + 1] and blocks[i + 1].info == "text" then
      run(b, blocks[i + 1], where)
    end
  end
end
list:close()
print(("%d passed, %d failed"):format(passed, failed))
os.exit(failed == 0 and passed > 0)
