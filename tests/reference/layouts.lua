-- SPDX-License-Identifier: MIT
-- layouts.lua RETURNS: every return begins with the mark of illustrative figures,
-- and the layouts are as many as departments really have.

local root = arg[1]

local function encoded(text, encoding)
  local p = assert(io.popen(("printf '%%s' '%s' | iconv -f UTF-8 -t %s"):format(text, encoding)))
  local bytes = p:read("a")
  p:close()
  return bytes
end

-- CP1258 writes a toned vowel as letter and tone: decomposed before iconv sees it.
local MARKS = {
  utf8 = "SỐ LIỆU MINH HỌA",
  utf8bom = "\u{FEFF}SỐ LIỆU MINH HỌA",
  utf16 = "\xFF\xFE" .. encoded("SỐ LIỆU MINH HỌA", "UTF-16LE"),
  cp1258 = encoded("SÔ\u{301} LIÊ\u{323}U MINH HO\u{323}A", "CP1258"),
  tcvn3 = "S\xE8 li\xD6u minh h\xE4a",
}

local seen, separators, files, bad = {}, {}, 0, 0
for line in io.lines(root .. "/arrivals.csv") do
  local name = line:match("^(.-%.csv),%d")
  if name then
    files = files + 1
    local f = assert(io.open(root .. "/" .. name, "rb"))
    local bytes = f:read("a")
    f:close()
    local found
    for encoding, mark in pairs(MARKS) do
      if bytes:sub(1, #mark) == mark then found = encoding end
    end
    if not found then
      bad = bad + 1
      print(name .. ": no mark of illustrative figures in its first line")
    else
      seen[found] = (seen[found] or 0) + 1
      local sep = (found == "utf16" and bytes:gsub("\0", "") or bytes):match("STT([,;\t])")
      separators[sep or "none"] = true
    end
  end
end

local function need(good, what)
  if not good then
    bad = bad + 1
    print("missing: " .. what)
  end
end
for encoding in pairs(MARKS) do need((seen[encoding] or 0) > 50, "many files in " .. encoding) end
for _, sep in ipairs { ",", ";", "\t" } do need(separators[sep], ("separator %q"):format(sep)) end
need(files == 1305, "1305 files, not " .. files)
os.exit(bad == 0)
