-- SPDX-License-Identifier: MIT
-- The map of the code in core/README.md: below its last heading every file of
-- core/ stands with the first sentence of its head. As a test it says which
-- line is missing or no longer true; `make map` writes the lines anew.
--
--   lua5.4 tests/map.lua [write]

local root = (arg[0]:match("^(.*)/[^/]*$") or ".") .. "/.."
local rooms = { "base", "model", "store", "intake", "calc", "report", "job", "flow", "script", "cli" }

local function read(path)
  local f = assert(io.open(path, "rb"))
  local text = f:read("a")
  f:close()
  return text
end

-- The first sentence of the comment that follows the licence line.
local function sentence(path)
  local comment = read(path):match("^/%* SPDX[^\n]*%*/%s*/%*(.-)%*/")
  if not comment then return nil end
  local text = comment:gsub("\n%s*%*", "\n"):gsub("^%s+", "")
  text = (text:match("^(.-)\n%s*\n") or text):gsub("%s+", " ")
  return ((text:match("^(.-[^.])%. ") or text):gsub("[ .:]+$", ""))
end

local function sources(room)
  local names, there = {}, {}
  local p = assert(io.popen(("cd '%s/core/%s' && LC_ALL=C ls *.[ch]"):format(root, room)))
  for name in p:lines() do
    names[#names + 1] = name
    there[name] = true
  end
  p:close()
  return names, there
end

local lines, headless = {}, {}
for _, room in ipairs(rooms) do
  lines[#lines + 1] = ("\n**%s**\n"):format(room)
  local names, there = sources(room)
  for _, name in ipairs(names) do
    local header = name:match("^(.*)%.c$")
    header = header and there[header .. ".h"] and header .. ".h"
    local of_a_source = name:match("%.h$") and there[name:gsub("h$", "c")]
    if not of_a_source then -- a pair stands once, with what the header promises
      local path = ("%s/core/%s/"):format(root, room)
      local says = (header and sentence(path .. header)) or sentence(path .. name)
      if not says then headless[#headless + 1] = room .. "/" .. name end
      lines[#lines + 1] = ("- `%s`%s %s"):format(name, header and ", `.h`:" or ":", says or "")
    end
  end
end
local map = table.concat(lines, "\n"):gsub("\n\n\n", "\n\n") .. "\n"

local readme = root .. "/core/README.md"
local text = read(readme)
local head = text:match("^(.-\n## Every file\n)")
if not head then error("core/README.md has no heading \"Every file\"") end
local want = head .. map
if arg[1] == "write" then
  local f = assert(io.open(readme, "wb"))
  f:write(want)
  f:close()
  return
end

local failed = #headless
for _, name in ipairs(headless) do print("core/" .. name .. " does not begin with what it is") end
if want ~= text then
  failed = failed + 1
  local have = {}
  for line in text:gmatch("[^\n]+") do have[line] = true end
  for line in map:gmatch("[^\n]+") do
    if not have[line] then print("not in core/README.md (make map): " .. line) end
    have[line] = nil
  end
  for line in text:sub(#head + 1):gmatch("[^\n]+") do
    if have[line] then print("no longer true in core/README.md (make map): " .. line) end
  end
end
print(("%d passed, %d failed"):format(failed == 0 and 1 or 0, failed))
os.exit(failed == 0)
