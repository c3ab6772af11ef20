-- SPDX-License-Identifier: MIT
-- to_case.lua PAGE.md: the page's examples as a case for run_cases.lua, on stdout.
--
-- A block ```console is a session: a line "$ COMMAND" is run, what follows is what
-- it prints on stdout and stderr together; "..." stands for any lines, {*} for any
-- text, as in cases. All of a page runs in one folder, in its order. Comments say
-- what a reader need not see:
--
--   <!-- workspace -->     begin with the project's own workspace (and its examples)
--   <!-- fresh -->         begin anew in an empty folder
--   <!-- run: COMMAND -->  run it
--   <!-- env: NAME=VALUE -->
--   <!-- file: NAME -->    the next block is the text of this file
--   <!-- not run -->       the next console block is not run (needs a machine of its own)
--
-- A page without a console block gives nothing.

local page = assert(arg[1])
local out, sessions = {}, 0
local function put(...) out[#out + 1] = string.format(...) end

local function begin(workspace)
  if workspace then
    put("--- workspace")
    put("--- copy: ../examples examples")
  end
  put("--- env: KEHOACH_NOW=2021-02-15T02:00:00Z")
  put("--- env: KEHOACH_BY=lan@vpubnd")
end

local function run(command, expected)
  put("--- run")
  put("{\n%s\n} 2>&1 || true", command)
  if expected then
    put("--- stdout")
    for _, line in ipairs(expected) do put("%s", line) end
  end
end

local function session(lines)
  local command, said
  local function done()
    if command then run(command, said) end
  end
  for _, line in ipairs(lines) do
    local new = line:match("^%$ (.*)$")
    if new then
      done()
      command, said = new, {}
    elseif command and command:sub(-1) == "\\" and #said == 0 then
      command = command .. "\n" .. line
    elseif command then
      said[#said + 1] = line
    end
  end
  done()
  sessions = sessions + 1
end

put("The examples of %s, run as they stand there.", page:match("[^/]+$"))
put("")
local block, kind, file, skip, began
for line in io.lines(page) do
  if block then
    if line == "```" then
      if file then
        put("--- file %s", file)
        for _, l in ipairs(block) do put("%s", l) end
      elseif kind == "console" and not skip then
        if not began then begin(false) end
        began = true
        session(block)
      end
      block, file, skip = nil, nil, nil
    else
      block[#block + 1] = line
    end
  else
    kind = line:match("^```(%w*)$")
    if kind then block = {} end
    local command = line:match("^<!%-%- run: (.*) %-%->$")
    if line == "<!-- workspace -->" then
      begin(true)
      began = true
    elseif line == "<!-- fresh -->" then
      put("--- run: rm -rf ./* ")
      if not began then begin(false) end
      began = true
    elseif line == "<!-- not run -->" then
      skip = true
    elseif command then
      put("--- run: { %s; } >/dev/null 2>&1 || true", command)
    end
    local setting = line:match("^<!%-%- env: (.*) %-%->$")
    if setting then put("--- env: %s", setting) end
    file = line:match("^<!%-%- file: (.*) %-%->$") or file
  end
end
if sessions > 0 then print(table.concat(out, "\n")) end
