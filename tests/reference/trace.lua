-- SPDX-License-Identifier: MIT
-- Run by `kehoach run`: the inputs of the figures that are asked for, as explain
-- tells them, in the words of reference.lua's TRACE. FIGURE is T7:20:2018.
--
--   kehoach run trace.lua FIGURE...      prints "# FIGURE" and a line for each input

local NAMES = {
  training_required = "required", training_trained = "trained", students_required = "students", students_studied = "studied",
  exercises_planned = "planned", exercises_held = "held", communes_exercised = "communes_held",
  force_strength = "force", force_party = "force_party", militia_strength = "militia", militia_party = "militia_party",
  reserve_registered = "registered", reserve_matched = "matched", recruits_quota = "quota", recruits_enlisted = "enlisted",
  grounds_needed = "needed", grounds_built = "built",
}

local function walk(node, lines)
  if node.kind == "value" then
    lines[#lines + 1] = ("%s:%d,%s,%s,%s"):format((node.file:gsub("^.*data/returns/", "")), node.line, NAMES[node.label], node.unit.code, node.value)
  end
  for _, child in ipairs(node) do
    if child.counts ~= false then walk(child, lines) end
  end
end

for _, figure in ipairs(arg) do
  local name, unit, year = figure:match("^(%w+):(%w+):(%d+)$")
  local lines = {}
  walk(kh.explain(name, unit, year), lines)
  table.sort(lines)
  print("# " .. figure)
  if #lines > 0 then print(table.concat(lines, "\n")) end
end
