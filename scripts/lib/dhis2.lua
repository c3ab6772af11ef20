-- SPDX-License-Identifier: MIT
-- DHIS2: its metadata become units, categories, measures and forms, and its
-- dataValueSets as CSV are imported by these forms.
--
--   require "dhis2" {
--     metadata = { "data/metadata.json", "data/organisationUnits.csv" },
--     levels   = { "region", "district", "facility" },
--   }
--
-- Metadata are JSON as DHIS2 exports it, or CSV files named after their
-- collection (organisationUnits.csv, dataElements.csv, ...), in which a list
-- stands in one cell, separated by ";". What cannot be told exactly is refused
-- with the name of what it is about. See docs/dhis2.md.

local json = require "json"

local COLLECTIONS = {
  "organisationUnits", "organisationUnitLevels", "organisationUnitGroups", "organisationUnitGroupSets", "dataElements",
  "categories", "categoryOptions", "categoryCombos", "categoryOptionCombos", "dataSets",
}

-- over the units, over time. "LAST" looks at the period that is asked and not beyond it.
local AGGREGATION = {
  SUM = { "sum", "sum" }, AVERAGE = { "mean", "mean" }, AVERAGE_SUM_ORG_UNIT = { "sum", "mean" },
  LAST = { "sum", "last" }, LAST_IN_PERIOD = { "sum", "last" },
  LAST_AVERAGE_ORG_UNIT = { "mean", "last" }, LAST_IN_PERIOD_AVERAGE_ORG_UNIT = { "mean", "last" },
  FIRST = { "sum", "first" }, FIRST_AVERAGE_ORG_UNIT = { "mean", "first" },
  MIN = { "min", "min" }, MAX = { "max", "max" }, MIN_SUM_ORG_UNIT = { "sum", "min" }, MAX_SUM_ORG_UNIT = { "sum", "max" },
  NONE = { "none", "none" },
}

local VALUES = { -- how a value of this type is read, and its bounds
  NUMBER = { type = "number" }, UNIT_INTERVAL = { type = "number", min = 0, max = 1 }, PERCENTAGE = { type = "number", min = 0, max = 100, unit = "%" },
  INTEGER = { type = "integer" }, INTEGER_POSITIVE = { type = "integer", min = 1 }, INTEGER_NEGATIVE = { type = "integer", max = -1 },
  INTEGER_ZERO_OR_POSITIVE = { type = "integer", min = 0 },
  BOOLEAN = { type = "yesno" }, TRUE_ONLY = { type = "yesno" },
  TEXT = { type = "text" }, LONG_TEXT = { type = "text" }, LETTER = { type = "text" }, EMAIL = { type = "text" }, PHONE_NUMBER = { type = "text" },
  URL = { type = "text" }, DATE = { type = "text" }, DATETIME = { type = "text" }, TIME = { type = "text" }, AGE = { type = "text" }, USERNAME = { type = "text" },
}

local EVERY = { Daily = "day", Weekly = "week", Monthly = "month", Quarterly = "quarter", SixMonthly = "half", Yearly = "year" }

local function fail(what, ...) error("dhis2: " .. string.format(what, ...), 0) end

-- ---- reading --------------------------------------------------------------------------------

local function collection_of(path)
  local name = path:match("([^/]+)%.csv$")
  for _, c in ipairs(COLLECTIONS) do
    if name == c then return c end
  end
  fail("%s: a CSV file of metadata is named after its collection: %s", path, table.concat(COLLECTIONS, ".csv, ") .. ".csv")
end

-- The records of a CSV text (RFC 4180) as lists of cells.
local function csv_records(text, path)
  local records, record, at = {}, {}, text:sub(1, 3) == "\xEF\xBB\xBF" and 4 or 1
  while at <= #text do
    local cell, stop
    if text:sub(at, at) == '"' then
      cell, stop = text:match('^"([^"]*)"()', at)
      while stop and text:sub(stop, stop) == '"' do
        local more, after = text:match('^"([^"]*)"()', stop)
        cell, stop = more and cell .. '"' .. more, after
      end
      if not stop then fail("%s: record %d: a quotation mark is not closed", path, #records + 1) end
    else
      cell, stop = text:match('^([^,\r\n]*)()', at)
    end
    record[#record + 1] = cell
    local mark, after = text:match("^(,)()", stop)
    if not mark then mark, after = text:match("^(\r?\n?)()", stop) end
    if mark == "" and after <= #text then fail("%s: record %d: text behind a closing quotation mark", path, #records + 1) end
    if mark ~= "," then
      if #record > 1 or record[1] ~= "" then records[#records + 1] = record end
      record = {}
    end
    at = after
  end
  if #record > 0 then records[#records + 1] = record end
  return records
end

local REFERENCES = { parent = true, categoryCombo = true }
local LISTS = { organisationUnits = true, organisationUnitGroups = true, categories = true, categoryOptions = true, dataElements = true }

-- A line of CSV in the shape that the JSON has.
local function csv_objects(text, path)
  local records, objects = csv_records(text, path), {}
  local head = table.remove(records, 1) or fail("%s is empty", path)
  for n, record in ipairs(records) do
    local object = {}
    if #record > #head then fail("%s: record %d has more cells than the first has headings", path, n + 1) end
    for i, key in ipairs(head) do
      local cell = record[i]
      if cell and cell ~= "" then
        if REFERENCES[key] then
          object[key] = { id = cell }
        elseif LISTS[key] then
          local list = {}
          for id in cell:gmatch("[^;%s]+") do list[#list + 1] = { id = id } end
          object[key] = list
        else
          object[key] = math.tointeger(key == "level" and cell or nil) or cell
        end
      end
    end
    objects[n] = object
  end
  return objects
end

local function read_file(path)
  local text, err = kh.read(path)
  if not text then fail("%s", tostring(err)) end
  if path:find("%.csv$") then return { [collection_of(path)] = csv_objects(text, path) } end
  local good, data = pcall(json.decode, text)
  if not good then fail("%s: %s", path, data) end
  return data
end

-- All files together: meta.dataElements[i], and by id: meta.by.dataElements[id].
local function read_metadata(paths)
  local meta = { by = {} }
  for _, c in ipairs(COLLECTIONS) do meta[c], meta.by[c] = {}, {} end
  for _, path in ipairs(type(paths) == "table" and paths or { paths }) do
    local data = read_file(path)
    for _, c in ipairs(COLLECTIONS) do
      for _, object in ipairs(data[c] or {}) do
        for key, value in pairs(object) do
          if value == json.null then object[key] = nil end
        end
        if not object.id and c ~= "organisationUnitLevels" then fail("%s: one of %s has no id", path, c) end
        if object.id and meta.by[c][object.id] then fail("%s: %s %s is there twice", path, c, object.id) end
        meta[c][#meta[c] + 1] = object
        if object.id then meta.by[c][object.id] = object end
      end
    end
  end
  return meta
end

local function get(meta, collection, reference, whose)
  local object = meta.by[collection][reference.id]
  return object or fail("%s names %s of %s, which the metadata do not hold", whose, tostring(reference.id), collection)
end

-- A code that formulas can write as m.CODE, or else the id, which always can be.
local function code_of(object)
  local code = object.code
  return code and code:find("^[%a_][%w_]*$") and code or object.id
end

local function title_of(object) return object.name or object.displayName or object.shortName or object.id end

-- ---- units -----------------------------------------------------------------------------------

local function level_codes(meta, levels)
  local codes = levels or {}
  if not levels then
    for _, l in ipairs(meta.organisationUnitLevels) do
      codes[l.level] = (l.name or ""):lower():gsub("[^%w]+", "_")
    end
  end
  return codes
end

-- id -> { group set = group }; a group outside of any set is a property of its own.
local function groups_of(meta)
  local set_of, of = {}, {}
  for _, set in ipairs(meta.organisationUnitGroupSets) do
    for _, g in ipairs(set.organisationUnitGroups or {}) do set_of[g.id] = set end
  end
  for _, group in ipairs(meta.organisationUnitGroups) do
    local set = set_of[group.id]
    local key, value = code_of(set or group), set and code_of(group) or "yes"
    for _, member in ipairs(group.organisationUnits or {}) do
      of[member.id] = of[member.id] or {}
      if of[member.id][key] then fail("organisation unit %s is in two groups of %s", member.id, key) end
      of[member.id][key] = value
    end
  end
  return of
end

-- "sets": the property that says which data sets a unit is asked for.
local function set_members(meta, groups)
  for _, set in ipairs(meta.dataSets) do
    for _, member in ipairs(set.organisationUnits or {}) do
      groups[member.id] = groups[member.id] or {}
      groups[member.id]["data_set_" .. set.id] = "yes"
    end
  end
end

local function define_units(meta, levels)
  local groups, used, codes = groups_of(meta), {}, level_codes(meta, levels)
  set_members(meta, groups)
  for _, ou in ipairs(meta.organisationUnits) do
    local parents = {}
    for id in (ou.path or fail("organisation unit %s has no path", ou.id)):gmatch("[^/]+") do parents[#parents + 1] = id end
    if parents[#parents] ~= ou.id then fail("organisation unit %s: its path %s does not end with it", ou.id, ou.path) end
    local level = codes[#parents] or fail("organisation unit %s is of level %d, which has no name: levels = { ... }", ou.id, #parents)
    if not used[level] then
      used[level] = true
      kind(level) { level = level, title = "", title_en = "" }
    end
    unit(ou.id) {
      name = title_of(ou), short = ou.shortName, kind = level, parent = parents[#parents - 1],
      from = ou.openingDate and ou.openingDate:sub(1, 10), to = ou.closedDate and ou.closedDate:sub(1, 10),
      group = groups[ou.id],
    }
  end
  return codes
end

-- ---- categories -----------------------------------------------------------------------------

local function is_default(object) return object.name == "default" or object.code == "default" end

-- Every category but the default one, with its options.
local function define_categories(meta)
  for _, c in ipairs(meta.categories) do
    if not is_default(c) then
      local options = {}
      for i, reference in ipairs(c.categoryOptions or {}) do
        local option = get(meta, "categoryOptions", reference, "category " .. c.id)
        options[i] = { code_of(option), title = title_of(option) }
      end
      category(code_of(c)) { title = title_of(c), options = options }
    end
  end
end

-- The categories of a combination of categories, without the default one.
local function categories_of(meta, combo)
  local list = {}
  for _, reference in ipairs(combo and combo.categories or {}) do
    local c = get(meta, "categories", reference, "category combination " .. combo.id)
    if not is_default(c) then list[#list + 1] = c end
  end
  return list
end

-- { sex = "female", age = "u5" } for an option combination.
local function cut_of(meta, coc)
  local cut = {}
  local combo = get(meta, "categoryCombos", coc.categoryCombo or fail("category option combination %s names no combination", coc.id), "category option combination " .. coc.id)
  if is_default(combo) then return cut end
  local left = {}
  for _, reference in ipairs(coc.categoryOptions or {}) do left[reference.id] = true end
  for _, c in ipairs(categories_of(meta, combo)) do
    for _, reference in ipairs(c.categoryOptions or {}) do
      if left[reference.id] then
        cut[code_of(c)] = code_of(get(meta, "categoryOptions", reference, "category " .. c.id))
        left[reference.id] = nil
        break
      end
    end
    if not cut[code_of(c)] then fail("category option combination %s has no option of category %s", coc.id, title_of(c)) end
  end
  if next(left) then fail("category option combination %s: option %s is of none of its categories", coc.id, next(left)) end
  return cut
end

-- ---- measures -------------------------------------------------------------------------------

-- The categories that the data sets of each data element add by attributes.
local function attributes_of(meta)
  local of = {}
  for _, set in ipairs(meta.dataSets) do
    local combo = set.categoryCombo and get(meta, "categoryCombos", set.categoryCombo, "data set " .. set.id)
    for _, element in ipairs(set.dataSetElements or set.dataElements or {}) do
      local id = (element.dataElement or element).id
      of[id] = of[id] or {}
      for _, c in ipairs(categories_of(meta, combo)) do of[id][code_of(c)] = true end
    end
  end
  return of
end

local function define_measure(meta, element, attributes)
  local value = VALUES[element.valueType or "NUMBER"] or fail("data element %s: values of type %s are not read", element.id, element.valueType)
  local how = AGGREGATION[element.aggregationType or "SUM"]
  if value.type == "text" then how = AGGREGATION.NONE end
  if not how then fail("data element %s: the aggregation %s has no counterpart", element.id, element.aggregationType) end
  local by, combo = {}, element.categoryCombo and get(meta, "categoryCombos", element.categoryCombo, "data element " .. element.id)
  for _, c in ipairs(categories_of(meta, combo)) do by[#by + 1] = code_of(c) end
  for c in kh.sorted(attributes or {}) do by[#by + 1] = c end
  measure(code_of(element)) {
    title = title_of(element), unit = value.unit, type = value.type, min = value.min, max = value.max,
    over_units = how[1], over_time = how[2], by = #by > 0 and by or nil,
  }
  return { code = code_of(element), type = value.type }
end

-- id and code -> { code =, type = }
local function define_measures(meta)
  local attributes, known = attributes_of(meta), {}
  for _, element in ipairs(meta.dataElements) do
    local m = define_measure(meta, element, attributes[element.id])
    known[element.id] = m
    if element.code then known[element.code] = m end
  end
  return known
end

-- ---- forms ----------------------------------------------------------------------------------

local function put(row, out, m, cut)
  if m.type == "integer" then
    out:value(m.code, row:integer("value"), cut)
  elseif m.type == "number" then
    out:value(m.code, row:number("value"), cut)
  elseif m.type == "yesno" then
    local word = row:text("value")
    if word == "true" or word == "1" then
      out:value(m.code, true, cut)
    elseif word == "false" or word == "0" then
      out:value(m.code, false, cut)
    elseif word ~= "" then
      row:error("value", "this is neither true nor false", "true or false", "DHIS2-VALUE")
    end
  else
    out:value(m.code, row:text("value"), cut)
  end
end

-- The option combinations of a form, told apart by the pair of what a row names; a cut is made once.
local function cut_finder(cuts)
  local pairs_seen = {}
  return function(row, coc, aoc)
    local key = coc .. "/" .. aoc
    local cut = pairs_seen[key]
    if cut then return cut end
    cut = {}
    for column, id in kh.sorted { categoryoptioncombo = coc, attributeoptioncombo = aoc } do
      local own = id == "" and {} or cuts[id]
      if not own then return row:error(column, "the metadata hold no such category option combination", nil, "DHIS2-COMBINATION") end
      for c, option in pairs(own) do
        if cut[c] then return row:error(column, "category " .. c .. " is given twice", nil, "DHIS2-COMBINATION") end
        cut[c] = option
      end
    end
    pairs_seen[key] = cut
    return cut
  end
end

local COLUMNS = {
  { "dataelement", as = "key" }, { "period", as = "period" }, { "orgunit", as = "unit" },
  { "categoryoptioncombo", as = "key", optional = true }, { "attributeoptioncombo", as = "key", optional = true }, { "value", as = "key" },
  { "storedby", as = "skip", optional = true }, { "lastupdated", as = "skip", optional = true }, { "comment", as = "skip", optional = true },
  { "followup", as = "skip", optional = true }, { "deleted", as = "key", optional = true },
}

local function define_form(meta, set, known, cuts, o, sender, lowest)
  local elements, measures, places = {}, {}, false
  for i, element in ipairs(set.dataSetElements or set.dataElements or {}) do
    local object = get(meta, "dataElements", element.dataElement or element, "data set " .. set.id)
    local m = known[object.id]
    elements[object.id], measures[i] = m, m.code
    if object.code then elements[object.code] = m end
  end
  if #measures == 0 then fail("data set %s has no data elements", set.id) end
  for _, _ in ipairs(set.organisationUnits or {}) do places = true end
  local cut_for = cut_finder(cuts)
  form(code_of(set)) {
    title = title_of(set), every = EVERY[set.periodType] or fail("data set %s: periods of type %s are not read", set.id, tostring(set.periodType)),
    calendar = "civil", due = math.tointeger(tonumber(set.timelyDays or 0)) or 0, style = "plain", delimiter = ",", encoding = "utf-8",
    file_pattern = o.file_pattern, columns = COLUMNS, measures = measures,
    reporters = { kind = sender }, covers = places and { group = { ["data_set_" .. set.id] = "yes" } } or { kind = lowest },
    row = function(row, out)
      if row:has("deleted") and row:text("deleted") == "true" then return end
      local m = elements[row:text("dataelement")]
      if not m then return row:error("dataelement", "data set " .. title_of(set) .. " has no such data element", nil, "DHIS2-ELEMENT") end
      local coc = row:has("categoryoptioncombo") and row:text("categoryoptioncombo") or ""
      local aoc = row:has("attributeoptioncombo") and row:text("attributeoptioncombo") or ""
      local cut = cut_for(row, coc, aoc)
      if cut then put(row, out, m, cut) end
    end,
  }
end

local OPTIONS = { metadata = true, levels = true, sender = true, file_pattern = true }

return function(o)
  for key in kh.sorted(o) do
    if not OPTIONS[key] then fail("there is no option \"%s\"; there are metadata, levels, sender, file_pattern", tostring(key)) end
  end
  local meta = read_metadata(o.metadata or fail("metadata = { \"FILE\", ... } is wanted"))
  local codes = define_units(meta, o.levels)
  define_categories(meta)
  local known, cuts = define_measures(meta), {}
  for _, coc in ipairs(meta.categoryOptionCombos) do cuts[coc.id] = cut_of(meta, coc) end
  for _, set in ipairs(meta.dataSets) do
    define_form(meta, set, known, cuts, o, o.sender or codes[1], codes[#codes])
  end
end
