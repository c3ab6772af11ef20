-- SPDX-License-Identifier: MIT
-- The blank workbook of each form of plan 100, filled in and saved by LibreOffice: what the clerk typed is what is stored,
-- each value with the line of the sheet that it stood in. The workbook becomes LibreOffice's flat XML, each cell of the
-- sheet that is not locked gets a value there (the heads stay locked, the totals are LibreOffice's own sums), and
-- LibreOffice makes a workbook of it again. Without LibreOffice there is nothing to test.

local here = arg[0]:match("^(.*)/[^/]*$") or "."

local function capture(command)
  local p = assert(io.popen(command))
  local text = p:read("a")
  p:close()
  return text
end

local function read(path)
  local f = io.open(path)
  local text = f and f:read("a")
  if f then f:close() end
  return text
end

if capture("command -v soffice"):match("%S") == nil then
  print("LibreOffice is not here: 0 forms were filled in")
  print("0 passed, 0 failed")
  os.exit(0)
end

local root = capture("realpath '" .. here .. "/..'"):gsub("\n", "")
local build = capture("realpath '" .. (os.getenv("BUILD") or root .. "/build") .. "'"):gsub("\n", "")
local work = capture("mktemp -d"):gsub("\n", "")
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
  return capture(string.format("cd '%s' && export PATH='%s':\"$PATH\" KEHOACH_LANG=en KEHOACH_NOW=2021-02-15T02:00:00Z && { %s; } 2>&1 </dev/null", work, build, command))
end

local function office(kind, into, from)
  run(string.format("timeout 300 soffice -env:UserInstallation=file://%s/profile --headless --convert-to %s --outdir %s %s", work, kind, into, from))
end

-- ---- what the clerk types: by row label and column (from 1) ------------------------------------------------------
-- A number, a word, or nil for nothing. What is stored of a word may be an option's code.

-- The same number in the columns from `from` to `to`; rates and notes beside them are nobody's.
local function same(n, from, to)
  return function(_, _, column) return column >= from and column <= to and n or nil end
end

local STORED = { x = "1", ["Hoàn thành"] = "done" }
local forms = {
  { "GD-01", "2018Q1", same(4, 8, 15) }, -- columns 4 to 7 are another sender's
  { "DT-01", "2018", function(label, group, column)
    if group == "I" then return label ~= "I" and column < 5 and 2 or nil end
    return label == "II" and (column == 3 and 23 or column == 4 and 23) or label ~= "II" and column == 4 and "x" or nil
  end },
  { "DQ-01", "2018H1", same(30, 4, 7) },
  { "DB-01", "2018H1", same(1250, 4, 5) },
  { "TQ-01", "2018", same(50, 4, 5) },
  { "TT-01", "2018", same(3, 3, 4) },
  { "NS-01", "2018", same(9000000, 4, 6) },
  { "NV-01", "2018Q1", function(_, _, column) return column == 4 and "Hoàn thành" or column == 5 and 100 or "xong" end },
  { "KT-01", "2018H1", same(3, 4, 10) },
}

-- ---- flat XML: rows and cells, each repeated as often as it says ----------------------------------------------

local function unlocked_styles(xml)
  local found = {}
  for name, body in xml:gmatch('<style:style style:name="(ce%d+)"[^>]*>(.-)</style:style>') do
    found[name] = body:find('style:cell-protect="none"', 1, true) ~= nil
  end
  return found
end

local function cell_with(open, value)
  if type(value) == "number" then
    return string.format('<table:table-cell%s office:value-type="float" office:value="%d"><text:p>%d</text:p></table:table-cell>', open, value, value)
  end
  return string.format('<table:table-cell%s office:value-type="string"><text:p>%s</text:p></table:table-cell>', open, value)
end

-- The sheet with every open cell filled in; typed: a list of { line, value }.
local function fill(xml, what)
  xml = xml:gsub('(table:formula="[^"]*") office:value%-type="float" office:value="[^"]*"', "%1") -- sums are made anew
  local open, typed, line, group = unlocked_styles(xml), {}, 0, ""
  local first, last = xml:find("<table:table .-</table:table>")
  local sheet = xml:sub(first, last):gsub("(<table:table%-row[^>]*>)(.-)(</table:table%-row>)", function(head, body, tail)
    local from = line + 1
    line = line + (tonumber(head:match('number%-rows%-repeated="(%d+)"')) or 1)
    local column, label = 0, body:match("<text:p>(.-)</text:p>") or ""
    if label:match("^[IVX]+$") then group = label end
    local function cell(attributes, filled)
      local n = tonumber(attributes:match('number%-columns%-repeated="(%d+)"')) or 1
      column = column + n
      if filled or not open[attributes:match('table:style%-name="(ce%d+)"') or ""] or line > from then return nil end
      local rest, out = attributes:gsub(' table:number%-columns%-repeated="%d+"', ""), {}
      for k = column - n + 1, column do
        local value = what(label, group, k)
        out[#out + 1] = value and cell_with(rest, value) or "<table:table-cell" .. rest .. "/>"
        if value then typed[#typed + 1] = { from, value } end
      end
      return table.concat(out)
    end
    -- Empty cells are closed at once, the others have their text within; both in the order of the row.
    local at, out = 1, {}
    while true do
      local s, e, attributes, slash = body:find("<table:table%-cell(.-)(/?)>", at)
      local cs, ce = body:find("<table:covered%-table%-cell.->", at)
      if cs and (not s or cs < s) then
        column = column + (tonumber(body:sub(cs, ce):match('number%-columns%-repeated="(%d+)"')) or 1)
        out[#out + 1] = body:sub(at, ce)
        at = ce + 1
      elseif s then
        out[#out + 1] = body:sub(at, s - 1)
        if slash == "" then _, e = body:find("</table:table%-cell>", e + 1) end
        out[#out + 1] = cell(attributes, slash == "") or body:sub(s, e)
        at = e + 1
      else
        out[#out + 1] = body:sub(at)
        break
      end
    end
    return head .. table.concat(out) .. tail
  end)
  return xml:sub(1, first - 1) .. sheet .. xml:sub(last + 1), typed
end

-- ---- all forms through LibreOffice at once: starting it is what takes long ---------------------------------------

run(string.format("cp -R '%s/kehoach.lua' '%s/scripts' '%s/data' . && kehoach -q load && mkdir blank flat full", root, root, root))
for _, f in ipairs(forms) do
  f.name = string.format("%s_183_%s", f[1], f[2])
  run(string.format("kehoach template %s --unit 183 --period %s -o blank/%s.xlsx", f[1], f[2], f.name))
end
office("fods", "flat", "blank/*.xlsx")
for _, f in ipairs(forms) do
  local xml = read(work .. "/flat/" .. f.name .. ".fods")
  judge(xml and xml:find('<table:table [^>]*table:protected="true"'), "%s: LibreOffice shows no protected sheet", f.name)
  if xml then
    local text
    text, f.typed = fill(xml, f[3])
    local out = assert(io.open(work .. "/flat/" .. f.name .. ".fods", "w"))
    out:write(text)
    out:close()
  end
end
office("xlsx", "full", "flat/*.fods")

for _, f in ipairs(forms) do
  local said = run("kehoach import full/" .. f.name .. ".xlsx || echo refused")
  judge(said:find("stored as version 1", 1, true) and not said:find("refused", 1, true), "%s: %s", f.name, said)
  -- Every typed cell is a value of its line, as often as it was typed there.
  local stored = {}
  for line, digits in run("kehoach sql \"SELECT line, digits FROM v_value WHERE file LIKE '%" .. f.name .. ".xlsx'\" --format csv"):gmatch("(%d+),([^\r\n]*)") do
    local key = line .. " " .. digits
    stored[key] = (stored[key] or 0) + 1
  end
  local wanted, missing = {}, {}
  for _, t in ipairs(f.typed or {}) do
    local key = t[1] .. " " .. (STORED[t[2]] or t[2])
    wanted[key] = (wanted[key] or 0) + 1
  end
  for key, n in pairs(wanted) do
    if (stored[key] or 0) < n then missing[#missing + 1] = key end
  end
  judge(#(f.typed or {}) > 0 and #missing == 0, "%s: of %d cells typed these are not stored: %s", f.name, #(f.typed or {}), table.concat(missing, "; "))
end

os.execute("rm -rf '" .. work .. "'")
print(string.format("%d passed, %d failed", passed, failed))
os.exit(failed == 0)
